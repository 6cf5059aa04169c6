import { ok } from '../domain/result.ts';
import { authenticateCertificate } from '../pipeline/authenticate.ts';
import type { ReceiptKey } from '../domain/routing-advice.ts';
import type { GatewayApi } from '../ports/gateway-api.ts';
import { submit } from './accept.ts';
import { advise } from './advise.ts';
import { nextNotice, takeNotice } from './notify.ts';
import { contextNow } from './parts.ts';
import type { Parts } from './parts.ts';
import { confirmMessage, nextMessage, refuseMessage } from './postbus.ts';
import type { Postbus } from './postbus.ts';
import { messageStatus } from './status.ts';

/** The gateway as connection profiles see it: one service behind each call. */
export function createGatewayApi(parts: Parts, postbus: Postbus, receiptKeys: () => readonly ReceiptKey[]): GatewayApi {
  return {
    submit: (submission) => submit(parts, submission),
    status: (caller, messageId, wait) => messageStatus(parts, caller, { messageId, wait }),
    nextMessage: (caller, point, wait) => nextMessage(postbus, caller, { point, wait }),
    confirm: (caller, messageId, receipt) => confirmMessage(postbus, caller, { messageId, receipt }),
    refuse: (caller, messageId, body) => refuseMessage(postbus, caller, { messageId, body }),
    nextNotice: (caller, ask, wait) => nextNotice(parts, caller, { ...ask, wait }),
    takeNotice: (caller, noticeId) => takeNotice(parts, caller, noticeId),
    routing: (caller, question) => advise(parts, caller, question),
    receiptKeys: (caller) => {
      const transport = authenticateCertificate(caller.certificate, contextNow(parts));
      return transport.ok ? ok(receiptKeys()) : transport;
    },
  };
}
