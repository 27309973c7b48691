const app = require('fastify')();
app.get('/', async () => ({ tide: 'low' }));
app.get('/disk', async () => require('child_process').execSync('df').toString());
app.listen({ port: 3000, host: '0.0.0.0' });
