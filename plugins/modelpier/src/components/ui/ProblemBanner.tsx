import { Alert } from '@backstage/ui';
import { useTranslation } from '../use-translation';

/** What of the entity's annotations the portal does not follow, and why; nothing where it follows all. */
export function ProblemBanner({ problems = [] }: { readonly problems?: readonly string[] | undefined }) {
  const { t } = useTranslation();
  if (problems.length === 0) return null;
  return (
    <Alert
      role="status"
      status="warning"
      icon
      title={t('problems.title')}
      description={problems.map(problem => (
        <div key={problem}>{problem}</div>
      ))}
    />
  );
}
