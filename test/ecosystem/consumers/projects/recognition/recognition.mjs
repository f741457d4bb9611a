/** Whether errors of one copy of the library are what they are to another copy's classes. */
import assert from 'node:assert/strict';

/** Every code that an error can have, and its class and the classes above it. */
const CLASSES = {
  invalid_configuration: ['SentianceConfigurationError'],
  invalid_external_id: ['SentianceInvalidExternalIdError'],
  unauthorized: ['SentianceAuthenticationError', 'SentianceApiError'],
  forbidden: ['SentiancePermissionError', 'SentianceApiError'],
  rate_limited: ['SentianceRateLimitError', 'SentianceApiError'],
  server_error: ['SentianceServerError', 'SentianceApiError'],
  rejected: ['SentianceRequestError', 'SentianceApiError'],
  unexpected_redirect: ['SentianceRedirectError', 'SentianceApiError'],
  invalid_response: ['SentianceResponseError', 'SentianceApiError'],
  connection_failed: ['SentianceConnectionError'],
  timeout: ['SentianceTimeoutError'],
  aborted: ['SentianceAbortError'],
};

/**
 * Makes every error in one copy and looks at it with every class of the other.
 *
 * @param maker A copy: `{ library, testing }`, what its two entry points export.
 * @param viewer Another copy.
 */
export async function assertRecognised(maker, viewer) {
  const classes = errorClasses(viewer);
  assert.equal(classes.length, Object.keys(CLASSES).length + 2);
  assert.notEqual(maker.library.SentianceError, viewer.library.SentianceError);

  for (const [code, expected] of Object.entries(CLASSES)) {
    const made = maker.testing.sentianceError(code);
    assert.equal(made.name, expected[0]);
    const fake = new maker.testing.FakeUserLinkClient().failWith(code);
    const { error: thrown } = await fake.tryCreateAuthenticationCode('user-1');
    // An error of one copy can be given to the other's fake.
    const passing = new viewer.testing.FakeUserLinkClient().failWith(made);
    const { error: passed } = await passing.tryCreateAuthenticationCode('user-1');

    for (const error of [made, thrown, passed]) {
      const seenAs = classes.filter(([, Viewed]) => error instanceof Viewed).map(([name]) => name);
      assert.deepEqual(seenAs, [...expected, 'SentianceError'].sort(), code);
    }
    for (const lookalike of lookalikesOf(made)) {
      const taken = classes.filter(([, Viewed]) => lookalike instanceof Viewed);
      assert.deepEqual(taken, [], `a lookalike of ${made.name}`);
    }
  }

  const thrown = configurationError(maker.library);
  assert.ok(thrown instanceof viewer.library.SentianceConfigurationError);
}

function errorClasses({ library }) {
  return Object.entries(library)
    .filter(([name]) => name.endsWith('Error'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function lookalikesOf({ name, message, code, action, ...fields }) {
  const foreign = { [name]: class extends Error {} }[name];
  return [
    null,
    undefined,
    message,
    { name, message, code, action, ...fields },
    Object.assign(new Error(message), { name, code, action }),
    new foreign(message),
    new DOMException(message, 'TimeoutError'),
    Object.create(null),
  ];
}

function configurationError({ SentianceUserLinkClient }) {
  try {
    return new SentianceUserLinkClient({ apiKey: 'test-user-link-key', timeout: -1 });
  } catch (error) {
    return error;
  }
}
