import { goldenRequest, judgeAnswer } from './golden-answer';
import { answerWith, goldenOf, IMAGE, LOGITS } from './golden.fixture';
import type { GoldenCase } from './golden-file';
import { formatMismatch } from './golden-result';

const caseOf = (over: object = {}): GoldenCase => {
  const [first] = goldenOf({
    cases: [{ name: 'four', inputs: [IMAGE], outputs: [{ ...LOGITS, ...over }] }],
  }).cases;
  if (first === undefined) throw new Error('there is one case');
  return first;
};
const judge = (text: string, { status = 200, expected = caseOf() } = {}): string | undefined => {
  const mismatch = judgeAnswer(expected, { status, text });
  return mismatch && formatMismatch(mismatch);
};

it.each<[string, string]>([
  ['the very answer', answerWith([-1, 4])],
  ['nested data', answerWith([[-1, 4]])],
  ['what is within the tolerance', answerWith([-1.00001, 4.0004])],
  [
    'an output more than is expected, whatever it holds',
    JSON.stringify({ outputs: [{ name: 'debug', data: NaN }, LOGITS] }),
  ],
])('takes %s', (_what, text) => {
  expect(judge(text)).toBeUndefined();
});

it.each<[string, string, string]>([
  [
    'another number',
    answerWith([-1, 4.2]),
    'case "four": logits[0, 1] is 4.2, expected 4 (at most 0.00001 and 0.0001 of the expected away); 1 of 2 elements differ',
  ],
  ['a null for NaN', answerWith([-1, null]), 'outputs[0].data[1]: expected a number that the type holds, got null'],
  ['NaN, which is no JSON', answerWith([]).replace('[]', '[NaN,1]'), 'the answer is no JSON: {"model_name"'],
  ['another shape', answerWith([-1, 4], { shape: [2] }), 'logits is FP32 [2], expected FP32 [1, 2]'],
  ['another type', answerWith([-1, 4], { datatype: 'FP64' }), 'logits is FP64 [1, 2], expected FP32 [1, 2]'],
  ['another name', answerWith([-1, 4], { name: 'scores' }), 'logits is no output, expected logits'],
  ['no outputs', '{}', 'is outputs: expected a list, got nothing, expected an answer of the protocol'],
  ['too little data', answerWith([-1]), 'outputs[0].data: expected 2 elements'],
])('refuses %s', (_what, text, words) => {
  expect(judge(text)).toContain(words);
});

it.each([
  ['shapes without end', answerWith([1], { shape: Array.from({ length: 100 }, () => 1) }), 'at most 32 dimensions'],
  ['names that are lists of lists', `{"outputs":[{"name":${'['.repeat(9_999)}${']'.repeat(9_999)}}]}`, 'no output'],
  ['many outputs, each wrong', JSON.stringify({ outputs: Array(5_000).fill({ ...LOGITS, data: 1 }) }), 'outputs[0]'],
])('is not led astray by %s', (_what, text, words) => {
  const told = judge(text) ?? '';
  expect(told).toContain(words);
  expect(told.length).toBeLessThan(300);
});

it('tells what a server says in place of an answer', () => {
  expect(judge('{"error":\n "out of memory"}', { status: 500 })).toBe(
    'case "four": the answer is 500: {"error": "out of memory"}, expected status 200',
  );
});

it('compares 64 bits to the last digit, and names of classes exactly', () => {
  const expected = caseOf({ datatype: 'INT64', shape: [1], data: [9_007_199_254_740_993n] });
  const say = (digits: string): string =>
    `{"outputs":[{"name":"logits","datatype":"INT64","shape":[1],"data":[${digits}]}]}`;
  expect(judge(say('9007199254740993'), { expected })).toBeUndefined();
  expect(judge(say('9007199254740992'), { expected })).toContain('is 9007199254740992, expected 9007199254740993');
});

it.each([
  ['BYTES', 'four', 'five', 'logits[0] is "five", expected "four"'],
  ['BOOL', true, false, 'logits[0] is false, expected true'],
])('compares %s as they are', (datatype, wanted, got, words) => {
  const expected = caseOf({ datatype, shape: [1], data: [wanted] });
  expect(judge(answerWith([wanted], { datatype, shape: [1] }), { expected })).toBeUndefined();
  expect(judge(answerWith([got], { datatype, shape: [1] }), { expected })).toBe(`case "four": ${words}`);
});

it('asks with every digit, and with the parameters of the case', () => {
  const [first] = goldenOf({
    cases: [
      {
        name: 'big',
        inputs: [{ name: 'id', datatype: 'UINT64', shape: [1], data: [18_446_744_073_709_551_615n] }],
        outputs: [LOGITS],
        parameters: { top: 5 },
      },
    ],
  }).cases;
  expect(first && goldenRequest(first)).toBe(
    '{"id":"big","parameters":{"top":5},"inputs":[{"name":"id","datatype":"UINT64","shape":[1],"data":[18446744073709551615]}]}',
  );
});
