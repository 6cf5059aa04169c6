import { afterEach, describe, expect, it } from '@jest/globals';

import { createWorkerThread } from '../../adapters/worker-thread/index.ts';
import type { WorkerThread } from '../../adapters/worker-thread/index.ts';
import { compileJsonSchema } from '../../gateway/codec/json-schema.ts';

let thread: WorkerThread<string, string> | undefined;

afterEach(async () => {
  await thread?.close();
  thread = undefined;
});

describe('a JSON value with very many members', () => {
  it('is refused like any other, without a fault of ours', () => {
    const validator = compileJsonSchema({
      main: {
        $id: 'urn:test:large',
        type: 'object',
        properties: { name: { type: 'string' } },
        additionalProperties: false,
      },
    });
    const name = Array.from({ length: 190_000 }, () => null);

    expect(validator.validate({ name })).toEqual([{ path: '/name', rule: 'type' }]);
  });
});

describe('work in another thread', () => {
  it('that fails fails alone: what waits behind it is answered', async () => {
    const script = `
      import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ id, value }) =>
        parentPort.postMessage(value === 'bad' ? { id, fault: true } : { id, value }));`;
    const opened = createWorkerThread<string, string>(
      new URL(`data:text/javascript,${encodeURIComponent(script)}`),
      () => undefined,
    );

    thread = opened;

    const outcomes = await Promise.allSettled(['good', 'bad', 'good'].map((value) => opened.run(value)));

    expect(outcomes).toEqual([
      { status: 'fulfilled', value: 'good' },
      { status: 'rejected', reason: expect.objectContaining({ code: 'ERR_WORKER_CALL' }) },
      { status: 'fulfilled', value: 'good' },
    ]);
  });
});
