import { type ModelCall, type TensorFacts } from '@modelpier/backstage-plugin-modelpier-common';
import { useMemo } from 'react';
import { type Column, DataTable } from '../ui/DataTable';
import { Note } from '../ui/Note';
import text from '../ui/text.module.css';
import { type Translate, useTranslation } from '../use-translation';
import classes from './call.module.css';

interface Row {
  readonly tensor: TensorFacts;
  readonly part: 'input' | 'output';
}

export interface SignatureTableProps {
  readonly call: ModelCall;
  readonly version: string;
}

/** What goes in and what comes out. */
export function SignatureTable({ call: { inputs, outputs }, version }: SignatureTableProps) {
  const { t } = useTranslation();
  const columns = useMemo(() => columnsOf(t), [t]);
  const rows = [
    ...inputs.map((tensor): Row => ({ tensor, part: 'input' })),
    ...outputs.map((tensor): Row => ({ tensor, part: 'output' })),
  ];
  const isVariable = inputs.some(({ shape = [] }) => shape.some(dimension => dimension < 0));
  return (
    <div className={classes['signature']}>
      <DataTable
        label={t('call.signature', { version })}
        columns={columns}
        rows={rows}
        rowKey={({ tensor, part }) => `${part} ${tensor.name}`}
      />
      {isVariable ? <p className={classes['note']}>{t('call.variable')}</p> : null}
    </div>
  );
}

const columnsOf = (t: Translate): readonly Column<Row>[] => [
  {
    id: 'name',
    label: t('call.tensor'),
    cell: ({ tensor }) => <code className={text['code']}>{tensor.name}</code>,
  },
  { id: 'part', label: t('call.part'), cell: ({ part }) => t(`call.${part}`) },
  {
    id: 'datatype',
    label: t('call.datatype'),
    cell: ({ tensor: { datatype } }) => datatype ?? <Note>{t('call.notSaid')}</Note>,
  },
  {
    id: 'shape',
    label: t('call.shape'),
    cell: ({ tensor: { shape } }) =>
      shape === undefined ? (
        <Note>{t('call.notSaid')}</Note>
      ) : (
        <code dir="ltr" className={text['code']}>{`[${shape.join(', ')}]`}</code>
      ),
  },
];
