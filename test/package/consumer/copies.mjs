/** Loads the ESM and the CommonJS copy into one process and prints what each exports and sees. */
import { createRequire } from 'node:module';
import * as esm from 'sentiance-user-link';
import * as esmTesting from 'sentiance-user-link/testing';

const require = createRequire(import.meta.url);
const cjs = require('sentiance-user-link');
const cjsTesting = require('sentiance-user-link/testing');

const classesOf = (copy) => Object.entries(copy).filter(([, value]) => typeof value === 'function');
const errorsOf = (copy) => classesOf(copy).filter(([name]) => name.endsWith('Error'));

/** The names of the constructors by the names that they are exported under. */
const constructorNames = (copy) =>
  classesOf(copy).map(([name, exported]) => [name, exported.prototype.constructor.name]);

/** For each error class of one copy, the classes of another that its error is an instance of. */
const recognised = (maker, viewer) =>
  errorsOf(maker).map(([name, ErrorClass]) => {
    const error = new ErrorClass('a message', { status: 500, issues: [] });
    const seenAs = errorsOf(viewer).filter(([, Viewed]) => error instanceof Viewed);
    return [name, seenAs.map(([viewed]) => viewed).sort()];
  });

console.log(
  JSON.stringify({
    separate: esm.SentianceError !== cjs.SentianceError,
    exports: { esm: Object.keys(esm).sort(), cjs: Object.keys(cjs).sort() },
    testing: { esm: Object.keys(esmTesting).sort(), cjs: Object.keys(cjsTesting).sort() },
    // The testing entry point makes errors of the very classes that the same copy exports.
    testingSharesClasses:
      esmTesting.sentianceError('timeout').constructor === esm.SentianceTimeoutError &&
      cjsTesting.sentianceError('timeout').constructor === cjs.SentianceTimeoutError,
    constructorNames: {
      esm: Object.fromEntries(constructorNames(esm)),
      cjs: Object.fromEntries(constructorNames(cjs)),
    },
    recognised: {
      esmByCjs: Object.fromEntries(recognised(esm, cjs)),
      cjsByEsm: Object.fromEntries(recognised(cjs, esm)),
    },
  }),
);
