/** Tools that watch a server: what they see of calls, and on whose behalf. */
import type { Packages } from '../../shared/npm.js';
import { NODE_24 } from '../packages.js';
import type { ConsumerRow } from '../row.js';

const OPENTELEMETRY = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/instrumentation': '0.223.0',
  '@opentelemetry/instrumentation-undici': '0.33.0',
  '@opentelemetry/sdk-trace-node': '2.12.0',
};

export const WATCHING: readonly ConsumerRow[] = [
  ...opentelemetryRows('', OPENTELEMETRY),
  // Where async contexts are kept in another way than on Node 20.
  ...opentelemetryRows('-node-24', { ...OPENTELEMETRY, ...NODE_24 }),
  {
    name: 'datadog',
    what: 'dd-trace 5: one span per attempt, with its URL and no secret; the process ends',
    install: { 'dd-trace': '5.132.0', '@msgpack/msgpack': '3.1.3' },
    project: ['scripted-platform', 'datadog'],
  },
];

function opentelemetryRows(suffix: string, install: Packages): ConsumerRow[] {
  const project = ['scripted-platform', 'opentelemetry'];
  return [
    {
      name: `opentelemetry-spans${suffix}`,
      what: "OpenTelemetry: one span per attempt below the caller's, with its URL and no secret",
      install,
      project,
      script: 'spans',
    },
    {
      name: `opentelemetry-context${suffix}`,
      what: "OpenTelemetry: the caller's context in the key function, fetch and onAttempt",
      install,
      project,
      script: 'context',
    },
  ];
}
