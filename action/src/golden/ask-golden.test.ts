import { answerWith, goldenOf, IMAGE, LOGITS } from '../../../plugins/modelpier-common/src/golden/golden.fixture';
import { askGolden } from './ask-golden';

/** Takes these times for its answers, one after the other; the last for all others. */
function serverWith(
  answer: (nth: number) => { readonly status: number; readonly text: string },
  takesMs: readonly number[] = [1],
) {
  const asked: string[] = [];
  let [now, paused] = [0, 0];
  return {
    asked,
    now: () => now,
    pause: () => {
      paused += 1;
      return Promise.resolve();
    },
    paused: () => paused,
    ask: (request: string) => {
      now += takesMs[Math.min(asked.length, takesMs.length - 1)] ?? 0;
      asked.push(request);
      return Promise.resolve(answer(asked.length));
    },
  };
}
const right = { status: 200, text: answerWith([-1, 4]) };

it('asks each case as often as it says, and times those after the warm-up', async () => {
  const cases = ['one', 'two'].map(name => ({ name, inputs: [IMAGE], outputs: [LOGITS] }));
  const server = serverWith(() => right, [900, 5, 7, 800, 6, 8]);
  const answers = await askGolden(goldenOf({ cases, warmUps: 1, repetitions: 2 }), server);
  expect(server.asked.map(text => (JSON.parse(text) as { id: string }).id)).toEqual([
    ...['one', 'one', 'one'],
    ...['two', 'two', 'two'],
  ]);
  expect(answers).toEqual({
    verdict: 'passed',
    requests: 6,
    latency: { p50Ms: 6, p95Ms: 8, p99Ms: 8 },
  });
});

it('ends at the first wrong answer, be it a warm-up or a later one', async () => {
  const server = serverWith(nth => (nth === 2 ? { status: 200, text: answerWith([-1, 5]) } : right));
  const answers = await askGolden(goldenOf({ repetitions: 5 }), server);
  expect(server.asked).toHaveLength(2);
  expect(answers).toMatchObject({
    verdict: 'failed',
    requests: 2,
    reason: expect.stringContaining('logits[0, 1] is 5, expected 4') as string,
    mismatch: { case: 'four', output: 'logits', index: [0, 1], elements: { wrong: 1, of: 2 } },
  });
});

it('refuses a model that answers right and too late', async () => {
  const golden = goldenOf({ latency: { p95Ms: 10 }, warmUps: 0, repetitions: 10 });
  expect(await askGolden(golden, serverWith(() => right, [11, 11, 1]))).toMatchObject({
    verdict: 'failed',
    reason: 'its p95 is 11 ms, at most 10 ms is allowed',
  });
  expect(await askGolden(golden, serverWith(() => right, [10]))).toMatchObject({ verdict: 'passed' });
});

it('ends once so many answers came late that the rest cannot make up for them', async () => {
  const golden = goldenOf({ latency: { p95Ms: 10 }, warmUps: 0, repetitions: 40 });
  const slow = serverWith(() => right, [11, 1, 11, 1, 11, 1]);
  expect(await askGolden(golden, slow)).toMatchObject({
    verdict: 'failed',
    requests: 5,
    reason: 'its p95 is 11 ms, at most 10 ms is allowed',
  });
  expect(await askGolden(golden, serverWith(() => right, [11, 1, 11, 1]))).toMatchObject({ verdict: 'passed' });
});

it('fails a server that has not answered all when its time is over', async () => {
  const server = { ...serverWith(() => right, [10]), until: 30 };
  expect(await askGolden(goldenOf({ warmUps: 1, repetitions: 9 }), server)).toMatchObject({
    verdict: 'failed',
    requests: 3,
    reason: 'it answered 3 of 10 requests before `timeout` was over',
  });
});

it('says that nothing was asked of a server that knows no such path, and only of that', async () => {
  const unknown = { status: 404, text: '{}' };
  expect(await askGolden(goldenOf(), serverWith(() => unknown))).toMatchObject({ verdict: 'not-run' });
  const later = serverWith(nth => (nth === 1 ? right : unknown));
  expect(await askGolden(goldenOf(), later)).toMatchObject({ verdict: 'failed' });
});

it('asks a busy server again, and fails one that stays so', async () => {
  const busy = { status: 503, text: '{"error":"busy"}' };
  const relieved = serverWith(nth => (nth < 4 ? busy : right), [100, 100, 100, 5]);
  expect(await askGolden(goldenOf({ warmUps: 0 }), relieved)).toMatchObject({
    verdict: 'passed',
    latency: { p95Ms: 5 },
  });
  expect(relieved.paused()).toBe(3);
  const stays = serverWith(() => busy);
  expect(await askGolden(goldenOf(), stays)).toMatchObject({
    verdict: 'failed',
    reason: 'case "four": the answer is 503: {"error":"busy"}, expected status 200',
  });
  expect(stays.asked).toHaveLength(5);
});
