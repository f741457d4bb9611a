/** The caller's context is active in the key function, in fetch and in onAttempt. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { context, createContextKey, trace } from '@opentelemetry/api';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { scriptOf, startPlatform } from './platform.js';
import { tracer } from './tracing.js';

const CALLER = createContextKey('caller');
const callers = new AsyncLocalStorage();
const platform = await startPlatform();
const heard = [];

/** Notes who the caller is, by each of the ways to know. */
function hear(what) {
  const inContext = context.active().getValue(CALLER);
  const inSpan = trace.getActiveSpan()?.name;
  heard.push({ what, caller: callers.getStore(), inContext, inSpan });
}

const client = new SentianceUserLinkClient({
  apiKey: async () => {
    hear('key');
    await new Promise(setImmediate);
    return 'test-user-link-key';
  },
  baseUrl: platform.url,
  timeout: 1_500,
  hedgeAfter: 200,
  fetch: (url, init) => {
    hear(`fetch for ${JSON.parse(init.body).external_id}`);
    return fetch(url, init);
  },
  onAttempt: ({ attempt }) => hear(`attempt ${attempt}`),
});

/** Makes a call as its user, whose id stands for the caller. */
function callAs(user, options) {
  const call = () =>
    client.tryCreateAuthenticationCode(user, {
      maxRetries: scriptOf(user).length - 1,
      ...options,
    });
  return callers.run(user, () =>
    context.with(context.active().setValue(CALLER, user), () => tracer.startActiveSpan(user, call)),
  );
}

/** Everything that a user's call makes known, in this user's context. */
function assertHeard(user) {
  const own = heard.filter(({ caller }) => caller === user);
  const steps = scriptOf(user);
  assert.deepEqual(own.map(({ what }) => what).toSorted(), [
    ...steps.map((_, index) => `attempt ${index + 1}`),
    ...steps.map(() => `fetch for ${user}`),
    'key',
  ]);
  for (const { what, inContext, inSpan } of own) {
    assert.deepEqual({ inContext, inSpan }, { inContext: user, inSpan: user }, what);
  }
}

const SCRIPTS = ['200', '503.200', 'hang.200', '503.hang.200', 'hang.503.reset', 'hang.hang.hang'];

// Alone, then at once: a retry of one must not be made in the context of another.
for (const script of SCRIPTS) await callAs(`${script}-alone`);
const users = Array.from({ length: 60 }, (_, index) => `${SCRIPTS[index % 6]}-user-${index}`);
await Promise.all(users.map((user) => callAs(user)));
for (const user of [...SCRIPTS.map((script) => `${script}-alone`), ...users]) assertHeard(user);

// Ended by somebody else, who has a context of their own.
const controller = new AbortController();
const ended = ['hang-ended-1', 'hang-ended-2'].map((user) =>
  callAs(user, { signal: controller.signal, hedgeAfter: 10_000 }),
);
await new Promise((resolve) => setTimeout(resolve, 100));
callers.run('somebody else', () => controller.abort());
for (const { error } of await Promise.all(ended)) assert.equal(error.code, 'aborted');
assertHeard('hang-ended-1');
assertHeard('hang-ended-2');

assert.deepEqual(
  heard.filter(({ caller }) => caller === undefined || caller === 'somebody else'),
  [],
);
platform.close();
