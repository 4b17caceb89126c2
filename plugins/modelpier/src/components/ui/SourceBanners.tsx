import { Alert } from '@backstage/ui';
import { type Source, formatAge } from '@modelpier/backstage-plugin-modelpier-common';
import { useNow } from '../../hooks/use-now';
import { type Translate, useTranslation } from '../use-translation';

function descriptionOf({ state, observedAt, message }: Source, t: Translate, now: Date): string[] {
  const seen =
    observedAt === null
      ? t(state === 'pending' ? 'source.soon' : 'source.neverSeen')
      : t('source.lastSeen', { age: formatAge(observedAt, now) });
  return message === undefined ? [seen] : [seen, message];
}

/** One banner for each source that does not answer, or not all; what it told before stays on the page. */
export function SourceBanners({ sources }: { readonly sources: readonly Source[] }) {
  const { t } = useTranslation();
  const now = useNow();
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
            description={descriptionOf(source, t, now).map(sentence => (
              <div key={sentence}>{sentence}</div>
            ))}
          />
        );
      })}
    </>
  );
}
