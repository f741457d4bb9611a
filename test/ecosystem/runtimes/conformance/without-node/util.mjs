/** In place of `node:util`. */
export { format, inspect } from 'util/';
