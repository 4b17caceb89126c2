import { createHash } from 'node:crypto';
import { HashThreads } from './hash-threads';

let threads: HashThreads;
beforeEach(() => {
  threads = new HashThreads();
});
afterEach(() => threads.close());

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

it('hashes chunks in the order they came', async () => {
  const hasher = threads.hasher();
  for (const chunk of ['one', 'two', 'three']) void hasher.update(Buffer.from(chunk));

  expect(await hasher.digest()).toBe(sha256('onetwothree'));
});

it('hashes several things at once', async () => {
  const [first, second] = [threads.hasher(), threads.hasher()];
  await Promise.all([first.update(Buffer.from('a')), second.update(Buffer.from('b'))]);

  expect(await Promise.all([first.digest(), second.digest()])).toEqual([sha256('a'), sha256('b')]);
});

it('begins anew with the next thing, on a thread that is there', async () => {
  const first = threads.hasher();
  await first.update(Buffer.from('a'));
  await first.digest();
  const second = threads.hasher();
  await second.update(Buffer.from('b'));

  expect(await second.digest()).toBe(sha256('b'));
});

it('has the digest of nothing', async () => {
  expect(await threads.hasher().digest()).toBe(sha256(''));
});

it('reads memory that it shares without a copy', async () => {
  const chunk = Buffer.from(new SharedArrayBuffer(3)).fill('x');
  const hasher = threads.hasher();
  await hasher.update(chunk);
  // What was acknowledged may be written over.
  chunk.fill('y');

  expect(await hasher.digest()).toBe(sha256('xxx'));
});

it('fails where its thread has ended', async () => {
  const hasher = threads.hasher();
  const updating = hasher.update(Buffer.alloc(1));
  await threads.close();

  await expect(updating).rejects.toThrow('the thread has ended');
});

it('closes in the middle of a file that nobody waits for', async () => {
  void threads.hasher().update(Buffer.alloc(1024));

  await expect(threads.close()).resolves.toBeUndefined();
});
