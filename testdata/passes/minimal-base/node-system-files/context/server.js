const app = require('fastify')();
app.get('/', async () => ({ tide: 'low' }));
app.get('/os', async () => require('fs').readFileSync('/etc/os-release', 'utf8'));
app.listen({ port: 3000, host: '0.0.0.0' });
