import { destination as openDestination, pino, stdTimeFunctions } from 'pino';
import type { GatewayEvent, Events } from '../../gateway/ports/events.ts';
import { buildLine } from './build-line.ts';
import type { PinoEventsConfig } from './config.ts';

export type { PinoEventsConfig } from './config.ts';

/** Makes events that become JSON log lines; a line that can't be written is lost, and nothing is thrown. */
export function createPinoEvents(config: PinoEventsConfig): Events {
  const logger = pino(
    {
      level: config.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    config.destination ?? openDestination({ dest: 1, sync: false }),
  );
  return {
    emit: (event: GatewayEvent) => {
      try {
        const { level, fields, message } = buildLine(event);
        logger[level](fields, message);
      } catch {
        // There is nowhere left to say it.
      }
    },
  };
}
