// proxy.mjs - stands between two that talk and carries their bytes badly: one at a time, not to the
// end, or not at all.
import { once } from 'node:events';
import net from 'node:net';

const turn = () => new Promise((resolve) => { setImmediate(resolve); });

export class Proxy {
  #server;
  #sockets = new Set();
  #carried = { forth: 0, back: 0 };
  #stop;

  /** Where to listen and whom to reach, both as net.connect takes them. */
  static async between(listen, target) {
    const proxy = new Proxy();
    proxy.dribbles = false; // each byte by itself
    proxy.deaf = false;     // new connections are taken, and nothing more
    proxy.#server = net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => proxy.#join(near, target));
    await once(proxy.#server.listen(listen), 'listening');
    return proxy;
  }

  get port() {
    return this.#server.address().port;
  }

  /**
   * After `bytes` more on the `way` (forth: to the target; back) the connection that carries them is
   * 'cut', or is 'silent': open, and nothing passes any more. Others go on. What `stopped` gives
   * says that it has happened.
   */
  stopAfter(way, bytes, how) {
    this.#stop = { way, at: this.#carried[way] + bytes, how };
  }

  get stopped() {
    return this.#stop === undefined;
  }

  get connections() {
    return this.#sockets.size / 2;
  }

  /** Cuts all that there is. */
  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close() {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near, target) {
    const far = this.deaf ? new net.Socket() : net.connect({ ...target, allowHalfOpen: true, noDelay: true });
    const pair = { near, far, silent: false };
    for (const [socket, other] of [[near, far], [far, near]]) {
      this.#sockets.add(socket);
      socket.on('error', () => {}).on('close', () => {
        this.#sockets.delete(socket);
        if (!pair.silent) other.destroy();
      });
    }
    if (this.deaf) return;
    this.#carry(pair, near, far, 'forth');
    this.#carry(pair, far, near, 'back');
  }

  async #carry(pair, from, to, way) {
    try {
      for await (const chunk of from) {
        for (let at = 0; at < chunk.length && !pair.silent;) {
          const piece = chunk.subarray(at, at + this.#room(way, chunk.length - at));
          await new Promise((resolve) => { to.write(piece, resolve); });
          if (this.dribbles) await turn();
          at += piece.length;
          this.#carried[way] += piece.length;
          this.#stopHere(pair, way);
        }
        while (pair.silent && !from.destroyed) await Promise.race([once(from, 'close'), once(to, 'close')]);
      }
      if (!pair.silent) to.end();
    } catch {
      to.destroy(); // one side is gone
    }
  }

  /** How many bytes may go at once. */
  #room(way, most) {
    const left = this.#stop?.way === way ? this.#stop.at - this.#carried[way] : most;
    return Math.min(most, left, this.dribbles ? 1 : most);
  }

  #stopHere(pair, way) {
    if (this.#stop?.way !== way || this.#carried[way] < this.#stop.at) return;
    if (this.#stop.how === 'silent') pair.silent = true;
    else for (const socket of [pair.near, pair.far]) socket.destroy();
    this.#stop = undefined;
  }
}
