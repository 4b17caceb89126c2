import { readDockerfileImages } from './dockerfile-images';

const imagesOf = (lines: readonly string[], buildArgs: Readonly<Record<string, string>> = {}) =>
  readDockerfileImages(lines.join('\n'), buildArgs);

it.each([
  ['one stage', ['FROM python:3.12-slim', 'COPY . /app'], 'python:3.12-slim'],
  ['small letters', ['from python:3.12-slim as base'], 'python:3.12-slim'],
  ['a platform', ['FROM --platform=$BUILDPLATFORM alpine:3'], 'alpine:3'],
  ['a digest and Windows line ends', [`FROM a@sha256:${'0'.repeat(64)}\r`], `a@sha256:${'0'.repeat(64)}`],
  ['stages on stages', ['FROM a AS one', 'FROM one AS Two', 'RUN x', 'FROM two'], 'a'],
  ['a stage that is only copied from', ['FROM builder:1 AS build', 'FROM b', 'COPY --from=build / /'], 'b'],
  ['a stage named as an image before it', ['FROM alpine AS alpine', 'FROM alpine'], 'alpine'],
  ['an argument with a default', ['ARG BASE=a:1', 'FROM ${BASE}'], 'a:1'],
  ['quotes around it', ['ARG TAG="1"', "ARG NAME='a'", 'FROM $NAME:$TAG'], 'a:1'],
  ['an argument in an argument', ['ARG TAG=1', 'ARG BASE=a:$TAG', 'FROM $BASE'], 'a:1'],
  ['a default in the place of use', ['ARG TAG', 'FROM a:${TAG:-9}'], 'a:9'],
  ['what stands where a value is', ['ARG SLIM=1', 'FROM a${SLIM:+-slim}'], 'a-slim'],
  ['a continued line', ['FROM \\', '# why', '  a:1 \\', '  AS x'], 'a:1'],
  ['another escape', ['# escape=`', 'FROM `', '  a:1'], 'a:1'],
  ['FROM in a here-document', ['FROM a', 'RUN <<SQL', 'FROM users', 'SQL', 'COPY x y'], 'a'],
  ['nothing but scratch', ['FROM scratch', 'COPY x /'], undefined],
  ['an argument that nobody gives', ['ARG BASE', 'FROM $BASE'], undefined],
  ['no FROM at all', ['# nothing'], undefined],
])('finds the base of %s', (_, lines, base) => {
  expect(imagesOf(lines).base).toBe(base);
});

it('takes the value that the build is given over the default', () => {
  expect(imagesOf(['ARG BASE=a:1', 'FROM $BASE'], { BASE: 'b:2' }).base).toBe('b:2');
});

it('finds every image that is pulled, each once, and no stage', () => {
  const { pulled } = imagesOf([
    'FROM golang:1 AS build',
    'RUN --mount=type=cache,target=/c --mount=type=bind,from=data:1,target=/d make',
    'FROM scratch AS rest',
    'FROM a:1',
    'COPY --from=build /x /x',
    'COPY --from=0 /y /y',
    'COPY --from=busybox:1 /bin/sh /bin/sh',
    'COPY --from=golang:1 /z /z',
  ]);
  expect(pulled).toEqual(['golang:1', 'a:1', 'data:1', 'busybox:1']);
});
