// fastify-server.mjs - the same public read in Node: fastify and pg, one process a core, the same
// function as a named prepared statement, as many connections in all. Started by bench.mjs.
import cluster from 'node:cluster';
import fastify from 'fastify';
import pg from 'pg';

const processes = 2;
if (cluster.isPrimary) {
  for (let i = 0; i < processes; i += 1) cluster.fork();
} else {
  const [host, database, port, connections] = process.argv.slice(2);
  const pool = new pg.Pool({ host, database, user: 'jb_gateway', max: Number(connections) / processes });
  const app = fastify({ logger: false });
  app.get('/items/:id', async (req, reply) => {
    const { rows } = await pool.query({ name: 'item', text: 'select status, body::text as body from api.item_public($1::uuid)', values: [req.params.id] });
    return reply.code(rows[0].status).header('content-type', 'application/json').send(rows[0].body);
  });
  await app.listen({ host: '127.0.0.1', port: Number(port) });
}
