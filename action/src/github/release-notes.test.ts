import { onGithub } from './github.fixture';
import { withNotes, writeReleaseNotes } from './release-notes';

const NOTES = { owner: 'acme', repo: 'mnist', tag: 'v1.4.0', model: 'mnist', markdown: '### mnist 1.4.0' };

it("adds its part below the author's text, and changes only that part later", () =>
  onGithub(async ({ server, github: { repos } }) => {
    const release = server.releases.publish('v1.4.0', 'By hand.\n');
    expect(await writeReleaseNotes(repos, NOTES)).toEqual({ value: release.html_url });
    const first = release.body ?? '';
    expect(first).toBe('By hand.\n\n<!-- modelpier:mnist -->\n### mnist 1.4.0\n<!-- /modelpier:mnist -->');
    release.body = `${first}\n\nThanks to all.`;
    await writeReleaseNotes(repos, { ...NOTES, markdown: '### again' });
    expect(release.body).toBe(`${first.replace('mnist 1.4.0', 'again')}\n\nThanks to all.`);
  }));

it('writes nothing where it would write the same', () =>
  onGithub(async ({ server, github: { repos } }) => {
    server.releases.publish('v1.4.0', null);
    await writeReleaseNotes(repos, NOTES);
    await writeReleaseNotes(repos, NOTES);
    expect(server.requests.filter(request => request.startsWith('PATCH'))).toHaveLength(1);
  }));

it('leaves a tag without a release alone', () =>
  onGithub(async ({ github: { repos } }) => {
    expect(await writeReleaseNotes(repos, NOTES)).toEqual({ value: undefined });
  }));

it.each([403, 404])('warns and names the permission when GitHub answers the update with %d', status =>
  onGithub(async ({ server, github: { repos } }) => {
    server.releases.publish('v1.4.0', '');
    server.plant({ method: 'PATCH', status });
    expect(await writeReleaseNotes(repos, NOTES)).toHaveProperty(
      'warning',
      expect.stringContaining('`contents: write`'),
    );
  }),
);

it('warns of notes that are too long for GitHub', () =>
  onGithub(async ({ server, github: { repos } }) => {
    server.releases.publish('v1.4.0', 'x'.repeat(125_000));
    expect(await writeReleaseNotes(repos, NOTES)).toHaveProperty(
      'warning',
      expect.stringContaining('Validation Failed'),
    );
  }));

it('keeps the parts of two models apart', () => {
  const both = withNotes(withNotes('', 'a', 'A1'), 'b', 'B1');
  expect(withNotes(both, 'a', 'A2')).toBe(both.replace('A1', 'A2'));
});

it('appends anew where an author cut its end mark off', () => {
  expect(withNotes('<!-- modelpier:a -->\nrest', 'a', 'A')).toBe(
    '<!-- modelpier:a -->\nrest\n\n<!-- modelpier:a -->\nA\n<!-- /modelpier:a -->',
  );
});
