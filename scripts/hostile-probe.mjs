// Loaded into the gateway by `npm run hostile` (node --import): tells, when asked over IPC, how long the accepting event loop was
// held at most and how much memory the process had at most since it was last asked. The product knows nothing of it.
import { readFileSync } from 'node:fs';
import { setInterval } from 'node:timers';
import { isMainThread } from 'node:worker_threads';

const BEAT_MS = 5;

/** Milliseconds this thread was ready to run and had no processor: others of the machine took them, not the gateway. */
function waitedMs() {
  try {
    // Linux: the second number of schedstat is the time on the run queue in nanoseconds; the first thread has the process's id.
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[1]) / 1e6;
  } catch {
    // Elsewhere nothing is subtracted.
    return 0;
  }
}

function watch() {
  let last = performance.now();
  let waited = waitedMs();
  let heldMs = 0;
  let peakBytes = 0;
  const beat = () => {
    const [now, waitedNow] = [performance.now(), waitedMs()];
    heldMs = Math.max(heldMs, now - last - (waitedNow - waited));
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    last = now;
    waited = waitedNow;
  };
  setInterval(beat, BEAT_MS).unref();
  process.on('message', () => {
    beat();
    process.send({ heldMs, peakBytes });
    heldMs = 0;
    peakBytes = 0;
  });
  // The channel alone must not keep a gateway alive that is told to stop.
  process.channel.unref();
}

// Worker threads inherit --import.
if (isMainThread && process.send !== undefined) watch();
