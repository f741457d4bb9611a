/** A process that needs one code, as CommonJS. Arguments: the contender, the server's URL. */
const { writeSync } = require('node:fs');

const [id, url] = process.argv.slice(2);
const { create } = require(`../contenders/${id}.cjs`);
create(url)('user-1001').then((code) => {
  writeSync(1, code);
  process.exit();
});
