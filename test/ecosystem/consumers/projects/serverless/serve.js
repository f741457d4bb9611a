/** What a platform for functions runs in its sandbox: an event in, a response out, for as long as it is kept. */
const [file] = process.argv.slice(2);
const { handler } = await import(file);
process.on('message', async (event) => process.send({ event, ...(await handler(event)) }));
process.send('ready');
