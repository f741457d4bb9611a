/** What the usual loggers make of a value, in each of the ways in which it can be handed to them. */
import { Writable } from 'node:stream';
import pino from 'pino';
import winston from 'winston';

type Logged = (value: unknown) => string;

const { combine, errors, json, prettyPrint, simple, splat } = winston.format;
const { errWithCause } = pino.stdSerializers;

/** By the logger's name and setting: all that it writes when it is given the value. */
export const LOGGERS: Readonly<Record<string, Logged>> = {
  pino: withPino({}),
  'pino with errWithCause': withPino({ err: errWithCause, error: errWithCause }),
  'winston with json': withWinston(json()),
  'winston with prettyPrint': withWinston(prettyPrint({ depth: 20 })),
  'winston with errors': withWinston(combine(errors({ stack: true, cause: true }), json())),
  'winston with splat': withWinston(combine(splat(), simple())),
};

const TEMPLATE: string = 'failed with %o, %j and %s';

function withPino(serializers: NonNullable<pino.LoggerOptions['serializers']>): Logged {
  return (value) => {
    const lines: string[] = [];
    const logger = pino({ serializers }, { write: (line) => void lines.push(line) });
    logger.error(value);
    logger.error({ err: value }, 'failed');
    logger.error({ error: value });
    logger.error({ login: { result: { error: value } } });
    logger.error({}, TEMPLATE, value, value, value);
    return lines.join('');
  };
}

function withWinston(format: winston.Logform.Format): Logged {
  return (value) => {
    const lines: string[] = [];
    const stream = new Writable({
      write(line, _encoding, done) {
        lines.push(String(line));
        done();
      },
    });
    const transports = [new winston.transports.Stream({ stream })];
    const logger = winston.createLogger({ format, transports });
    logger.error(copyOf(value));
    logger.error({ message: copyOf(value) });
    logger.error('failed', copyOf(value));
    logger.error('failed', { err: value, login: { result: { error: value } } });
    logger.error(TEMPLATE, value, value, value);
    return lines.join('');
  };
}

/** winston writes fields of its own into what it is given. */
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
}
