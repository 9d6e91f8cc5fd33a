import type { PurchaseDetail } from '../../api/types.ts';
import { useDo } from '../../parts/act.tsx';
import { Button } from '../../parts/Button.tsx';
import { counted, showMoney } from '../../parts/format.ts';
import { Menu } from '../../parts/Menu.tsx';

const over = new Set(['closed', 'cancelled']);

/** What can be done in its state, the likeliest first. */
export function PurchaseActions({ purchase }: { purchase: PurchaseDetail }) {
  const act = useDo();
  const { id, number, transmission, supplier } = purchase;
  if (over.has(transmission)) return null;
  const deed =
    (action: string, label: string, warning: string, danger = false) =>
    () =>
      act({ path: `/purchases/${id}/${action}`, label, ask: true, danger, warning });
  const resend = deed('resend', `Send ${number} again`, 'It goes out under the same key, so a supplier that has it does not get it twice.');
  const remind = deed('remind', `Remind ${supplier.name}`, '');
  const cancel = deed(
    'cancel',
    `Cancel ${number} (${counted(purchase.units, 'unit')}, ${showMoney(purchase.cost)})`,
    'The supplier is asked; it may refuse what is packed already.',
    true,
  );
  return (
    <div className="page-actions">
      {transmission === 'unknown' || transmission === 'failed' ? (
        <Button kind="primary" onClick={resend}>
          Send again safely
        </Button>
      ) : null}
      {transmission === 'sent' || transmission === 'acknowledged' ? <Button onClick={remind}>Remind</Button> : null}
      {transmission === 'sent' ? (
        <Button onClick={deed('accept', `Accept ${number} for ${supplier.name}`, 'For when they confirmed another way, such as by phone.')}>
          Accept for them
        </Button>
      ) : null}
      <Menu
        label="More"
        choices={[
          { label: `Cancel ${number}`, act: cancel },
          ...(transmission === 'sent' ? [{ label: 'Send again safely', act: resend }] : []),
        ]}
      />
    </div>
  );
}
