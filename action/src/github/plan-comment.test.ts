import { onGithub } from './github.fixture';
import { planMarker, writePlanComment } from './plan-comment';

const MARKER = planMarker('mnist', 'staging');
const commentOf = (text: string, marker = MARKER): Parameters<typeof writePlanComment>[1] => ({
  owner: 'acme',
  repo: 'mnist',
  pullRequest: 7,
  marker,
  body: `${marker}\n\n${text}`,
});

it('keeps one comment for a model in an environment, however often it is planned', () =>
  onGithub(async ({ server, github: { issues } }) => {
    server.comments.write(7, 'Looks good.');
    const first = await writePlanComment(issues, commentOf('one'));
    const second = await writePlanComment(issues, commentOf('two'));
    expect(first).toEqual(second);
    await writePlanComment(issues, commentOf('other', planMarker('mnist', 'production')));
    expect(server.comments.all.map(({ body }) => body)).toEqual([
      'Looks good.',
      `${MARKER}\n\ntwo`,
      `${planMarker('mnist', 'production')}\n\nother`,
    ]);
  }));

it('asks for no change where the plan is the same', () =>
  onGithub(async ({ server, github: { issues } }) => {
    await writePlanComment(issues, commentOf('one'));
    await writePlanComment(issues, commentOf('one'));
    expect(server.requests.filter(request => /^(?:POST|PATCH)/.test(request))).toHaveLength(1);
  }));

it('finds its comment behind a long discussion', () =>
  onGithub(async ({ server, github: { issues } }) => {
    for (let at = 0; at < 150; at += 1) server.comments.write(7, `comment ${at}`);
    await writePlanComment(issues, commentOf('one'));
    await writePlanComment(issues, commentOf('two'));
    expect(server.comments.all).toHaveLength(151);
    expect(server.comments.all[150]?.body).toContain('two');
  }));

it("does not write into a stranger's comment, which its author could change later", () =>
  onGithub(async ({ server, github: { issues } }) => {
    const planted = server.comments.write(7, `${MARKER}\nnothing changes`);
    await writePlanComment(issues, commentOf('one'));
    expect(planted.body).toBe(`${MARKER}\nnothing changes`);
    expect(server.comments.all).toHaveLength(2);
  }));

it('writes into that of a member, whose token a job may use', () =>
  onGithub(async ({ server, github: { issues } }) => {
    server.comments.write(7, `${MARKER}\nearlier`, 'MEMBER');
    await writePlanComment(issues, commentOf('one'));
    expect(server.comments.all.map(({ body }) => body)).toEqual([`${MARKER}\n\none`]);
  }));

it('names the permission that is missing, and that forks never have it', () =>
  onGithub(async ({ server, github: { issues } }) => {
    server.plant({ method: 'POST', status: 403, message: 'Resource not accessible by integration' });
    expect(await writePlanComment(issues, commentOf('one'))).toEqual({
      warning: expect.stringMatching(
        /^could not comment on pull request 7: .*add `pull-requests: write` .* or set comment: false; .*fork/,
      ) as string,
    });
  }));

it('goes on where the rate limit is used up', () =>
  onGithub(async ({ server, github: { issues } }) => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '32503680000' };
    server.plant({ status: 403, message: 'API rate limit exceeded', headers });
    expect(await writePlanComment(issues, commentOf('one'))).toEqual({
      warning: expect.stringContaining("GitHub's rate limit is used up until 3000-01-01") as string,
    });
  }));

it('lets no name end the marker early', () => {
  expect(planMarker('mnist', 'a-->b')).toBe('<!-- modelpier:plan ["mnist","ab"] -->');
});
