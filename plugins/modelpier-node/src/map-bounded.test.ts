import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from './map-bounded';

it('answers in order and never runs more than the limit at once', async () => {
  let running = 0;
  let most = 0;
  const results = await mapBounded([30, 10, 20, 5, 1], 2, async ms => {
    running += 1;
    most = Math.max(most, running);
    await sleep(ms);
    running -= 1;
    return ms * 2;
  });
  expect(results).toEqual([60, 20, 40, 10, 2]);
  expect(most).toBe(2);
});

it('begins nothing after a failure and waits for what runs', async () => {
  const begun: number[] = [];
  let hasFinished = false;
  const failing = mapBounded([1, 2, 3, 4], 2, async item => {
    begun.push(item);
    if (item === 1) throw new Error('no');
    await sleep(10);
    hasFinished = true;
  });
  await expect(failing).rejects.toThrow('no');
  expect(begun).toEqual([1, 2]);
  expect(hasFinished).toBe(true);
});
