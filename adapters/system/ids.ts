import { randomFillSync } from 'node:crypto';
import { isMessageId } from '../../gateway/domain/message.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import type { Clock, Ids } from '../../gateway/ports/system.ts';

/** Identifiers as UUID version 7 (RFC 9562 5.7), lower case: time-ordered, 74 random bits. */
export function createIds(clock: Pick<Clock, 'now'>): Ids {
  const uuid = (): string => buildUuid(clock.now());
  return {
    uuid,
    messageId: () => {
      const id = uuid();
      if (!isMessageId(id)) throw new RangeError('the clock is outside the range of UUID version 7');
      return id;
    },
    fraction: () => Math.random(),
  };
}

function buildUuid(now: Instant): string {
  const bytes = randomFillSync(Buffer.alloc(16));
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
