/** Lets an error end the process in one of the ways in which an error can. */
const { FAILURES } = require('./specimens.cjs');

const WAYS = {
  throw: (error) => {
    throw error;
  },
  reject: (error) => {
    Promise.reject(error);
  },
  'reject among others': (error) => {
    const wrapped = new Error('login failed', { cause: error });
    Promise.any([Promise.reject(error), Promise.reject(wrapped)]);
  },
};

const [failure, way] = process.argv.slice(2);
FAILURES[failure]().then((error) => setImmediate(WAYS[way], error));
