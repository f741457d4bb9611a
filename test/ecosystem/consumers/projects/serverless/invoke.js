/** What a platform for functions does: loads the file and hands it an event. Prints the response. */
const [file, userId] = process.argv.slice(2);
const { handler } = await import(file);
console.log(JSON.stringify(await handler({ userId })));
