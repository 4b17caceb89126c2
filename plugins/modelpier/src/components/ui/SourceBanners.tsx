import { Alert } from '@backstage/ui';
import { type Source } from '@modelpier/backstage-plugin-modelpier-common';
import { useAge } from '../../hooks/use-age';
import { type Translate, useTranslation } from '../use-translation';

function descriptionOf(
  { state, observedAt, message }: Source,
  t: Translate,
  age: (at: string) => string,
): string[] {
  const seen =
    observedAt === null
      ? t(state === 'pending' ? 'source.soon' : 'source.neverSeen')
      : t('source.lastSeen', { age: age(observedAt) });
  return message === undefined ? [seen] : [seen, message];
}

/** One banner for each source that does not answer, or not all; what it told before stays on the page. */
export function SourceBanners({ sources }: { readonly sources: readonly Source[] }) {
  const { t } = useTranslation();
  const age = useAge();
  return (
    <>
      {sources.map(source => {
        const { id, kind, name, state, message } = source;
        if (state === 'ok' && message === undefined) return null;
        return (
          <Alert
            key={id}
            role="status"
            status={state === 'pending' || state === 'ok' ? 'info' : 'warning'}
            icon
            title={t(`source.${kind}.${state}`, { name })}
            description={descriptionOf(source, t, age).map(sentence => (
              <div key={sentence}>{sentence}</div>
            ))}
          />
        );
      })}
    </>
  );
}
