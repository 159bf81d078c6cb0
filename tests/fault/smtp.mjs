// smtp.mjs - a mail server for tests: takes messages into memory; refuses, or never answers, when
// told to.
import net from 'node:net';

export async function mailServer() {
  const server = { messages: [], refuse: null, hold: false, held: false };
  const listener = net.createServer((socket) => {
    let text = '';
    let message = null; // the message being sent, once DATA was said
    const say = (line) => socket.write(`${line}\r\n`);
    const verbs = {
      EHLO: () => say('250 fake'),
      HELO: () => say('250 fake'),
      MAIL: (line) => {
        if (server.hold) { server.held = true; return undefined; }
        if (server.refuse) return say(server.refuse);
        message = { from: /<(.*)>/.exec(line)[1], to: [], data: '' };
        return say('250 ok');
      },
      RCPT: (line) => { message.to.push(/<(.*)>/.exec(line)[1]); say('250 ok'); },
      DATA: () => { message.open = true; say('354 go on'); },
      QUIT: () => { say('221 bye'); socket.end(); },
    };
    const onData = () => {
      const end = text.indexOf('\r\n.\r\n');
      if (end < 0) return false;
      message.data = text.slice(0, end + 2).replace(/^\.\./gm, '.');
      text = text.slice(end + 5);
      server.messages.push(message);
      message = null;
      say('250 taken');
      return true;
    };
    const onLine = () => {
      const end = text.indexOf('\r\n');
      if (end < 0) return false;
      const line = text.slice(0, end);
      text = text.slice(end + 2);
      const verb = verbs[line.slice(0, 4).toUpperCase()];
      if (verb) verb(line);
      else say('502 what');
      return true;
    };
    socket.setEncoding('utf8').on('error', () => {}).on('data', (part) => {
      text += part;
      while (message?.open ? onData() : onLine());
    });
    say('220 fake');
  });
  await new Promise((resolve) => { listener.listen(0, '127.0.0.1', resolve); });
  server.url = `smtp://127.0.0.1:${listener.address().port}`;
  server.close = () => new Promise((resolve) => { listener.close(resolve); });
  return server;
}

/** Headers (unfolded, encoded words decoded) and body of a message as mail programs would read it. */
export function readMail(data) {
  const split = data.indexOf('\r\n\r\n');
  const headers = {};
  for (const line of data.slice(0, split).replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).trim().replace(/\?= =\?/g, '?==?')
      .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word) => Buffer.from(word, 'base64').toString());
    headers[line.slice(0, colon).toLowerCase()] = value;
  }
  return { headers, text: Buffer.from(data.slice(split + 4), 'base64').toString() };
}
