/** Node's name for "how `util.inspect` and `console.log` show me". */
const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * Prints the objects of a class as their name, whatever is asked for. Their getters are there for a
 * test's questions, and give keys and external ids, which belong in no log.
 */
export function printNameAlone(ownClass: { name: string; prototype: object }): void {
  const value = () => `${ownClass.name} {}`;
  Object.defineProperty(ownClass.prototype, inspect, { value, enumerable: false });
}
