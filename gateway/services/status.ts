import { isEndState } from '../domain/lifecycle.ts';
import type { MessageId } from '../domain/message.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { authenticateCertificate } from '../pipeline/authenticate.ts';
import type { Caller, MessageStatus, Wait } from '../ports/gateway-api.ts';
import { buildNotice, maySee } from './notify.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';

/** What became of a bericht, for its sender only; waits for an end state if asked to. */
export async function messageStatus(
  parts: Parts,
  caller: Caller,
  ask: { readonly messageId: MessageId; readonly wait: Wait },
): Promise<Result<MessageStatus, Rejection>> {
  const { messageId, wait } = ask;
  const until = parts.clock.now() + wait.waitMs;
  for (;;) {
    const transport = authenticateCertificate(caller.certificate, contextNow(parts));
    if (!transport.ok) return transport;
    const entry = parts.register.find(messageId);
    // Another's bericht and one that never was look alike: 404.
    if (entry === undefined || !maySee(parts, transport.value.oin, entry)) return err(rejection('ERR_NOT_FOUND'));
    const left = until - parts.clock.now();
    if (isEndState(entry.state) || left <= 0 || wait.signal.aborted) {
      return ok({ entry, notice: await buildNotice(parts, entry) });
    }
    await parts.bell.wait(messageId, Math.min(left, parts.settings.pollMs), wait.signal);
  }
}
