import { setTimeout as sleep } from 'node:timers/promises';
import { TaskPool } from './task-pool';

it('runs no more tasks at once than it may', async () => {
  const pool = new TaskPool(2);
  let running = 0;
  let most = 0;
  let done = 0;
  for (let task = 0; task < 7; task++) {
    pool.add(async () => {
      most = Math.max(most, ++running);
      await sleep(5);
      running--;
      done++;
    });
  }
  await pool.settle();

  expect({ most, done }).toEqual({ most: 2, done: 7 });
});

it('ends the others when one fails, and fails with the first failure', async () => {
  const pool = new TaskPool(2);
  let ended = false;
  let begun = false;
  pool.add(async signal => {
    await sleep(10_000, undefined, { signal }).catch(() => undefined);
    await sleep(5);
    ended = true;
    throw new Error('second');
  });
  pool.add(() => Promise.reject(new Error('first')));
  pool.add(() => {
    begun = true;
    return Promise.resolve();
  });

  await expect(pool.settle()).rejects.toThrow('first');
  expect({ ended, begun }).toEqual({ ended: true, begun: false });
});

it('ends its tasks when the wait for them is cancelled', async () => {
  const controller = new AbortController();
  const pool = new TaskPool(1, controller.signal);
  pool.add(signal => sleep(10_000, undefined, { signal }));

  controller.abort(new Error('enough'));

  await expect(pool.settle()).rejects.toThrow('enough');
});
