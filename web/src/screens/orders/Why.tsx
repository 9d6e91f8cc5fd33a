import { useState } from 'react';
import type { Decision, OrderDetail } from '../../api/types.ts';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { Json } from '../../parts/Json.tsx';
import { TableBox } from '../../parts/Layout.tsx';
import { Time } from '../../parts/Values.tsx';
import { type Candidate, type DecidedLine, decidedFor, numbersOf, stoppedBy } from './why.ts';

/** Why this supplier: a sentence, then the candidates with their gates and numbers, then all of it as it is kept. */
export function Why({ order }: { order: OrderDetail }) {
  const found = order.items.flatMap((line) => {
    const decided = decidedFor(order.decisions, line.id);
    return decided ? [{ line, ...decided }] : [];
  });
  if (found.length === 0) return <p className="dim">Not routed yet, so nothing was decided.</p>;
  return (
    <div className="whys">
      {found.map(({ line, decision, decided }) => (
        <LineWhy key={line.id} title={line.title} decision={decision} decided={decided} alone={found.length === 1} />
      ))}
    </div>
  );
}

interface LineWhyProps {
  title: string;
  decision: Decision;
  decided: DecidedLine;
  alone: boolean;
}
function LineWhy({ title, decision, decided, alone }: LineWhyProps) {
  const [open, setOpen] = useState(alone);
  const [raw, setRaw] = useState(false);
  return (
    <div className="why">
      {alone ? null : <p className="why-title">{title}</p>}
      <p className="why-sentence">{decided.sentence}</p>
      <div className="why-tools">
        <Button kind="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? 'down' : 'right'} />
          {decided.candidates.length} {decided.candidates.length === 1 ? 'candidate' : 'candidates'}
        </Button>
        <Button kind="quiet" aria-expanded={raw} onClick={() => setRaw(!raw)}>
          <Icon name={raw ? 'down' : 'right'} />
          JSON
        </Button>
        <span className="dim why-policy">
          {decision.policyVersion === 0 ? 'Built-in policy' : `Policy v${decision.policyVersion}`}
          {decision.attempt > 1 ? `, attempt ${decision.attempt}` : ''}, <Time at={decision.at} />
        </span>
      </div>
      {open ? <Candidates decided={decided} /> : null}
      {raw ? <Json value={{ ...decided, policyVersion: decision.policyVersion, at: decision.at }} label="The decision as JSON" /> : null}
    </div>
  );
}

const heads = ['Cost', 'Landed', 'Days', 'Stock', 'Stock age', 'Score'];

const Candidates = ({ decided }: { decided: DecidedLine }) => (
  <TableBox label={`Candidates for ${decided.sku}`}>
    <thead>
      <tr>
        <th scope="col">Candidate</th>
        {heads.map((head) => (
          <th key={head} scope="col" className="end">
            {head}
          </th>
        ))}
        <th scope="col">Gates</th>
      </tr>
    </thead>
    <tbody>
      {decided.candidates.map((candidate) => (
        <CandidateRow key={`${candidate.supplier.id}${candidate.offer}`} candidate={candidate} />
      ))}
    </tbody>
  </TableBox>
);

function CandidateRow({ candidate }: { candidate: Candidate }) {
  const { cost, landed, days, stock, age } = numbersOf(candidate);
  const chosen = candidate.given > 0;
  return (
    <tr className={chosen ? 'chosen' : candidate.score === null ? 'stopped' : ''}>
      <th scope="row">
        {chosen ? <Icon name="check" /> : null}
        <bdi>{candidate.supplier.name}</bdi>
        {chosen ? <span className="num"> · {candidate.given} given</span> : null}
        <br />
        <code className="dim">{candidate.sku}</code>
      </th>
      {[cost, landed, days, stock, age, candidate.score === null ? '—' : candidate.score.toFixed(2)].map((value, index) => (
        <td key={heads[index]} className="end num">
          {value}
        </td>
      ))}
      <td>
        <Gates candidate={candidate} />
      </td>
    </tr>
  );
}

/** The gate that stopped it with what was found; for who passed, how many there were, each on hover and for readers. */
function Gates({ candidate }: { candidate: Candidate }) {
  const stopped = stoppedBy(candidate);
  const [open, setOpen] = useState(false);
  const passed = candidate.gates.filter((gate) => gate.passed).length;
  return (
    <>
      {stopped ? (
        <span className="gate tone-text-crit">
          <Icon name="close" />
          {stopped.why}
        </span>
      ) : null}
      <button type="button" className="gate-more" aria-expanded={open} onClick={() => setOpen(!open)}>
        {passed} of {candidate.gates.length} passed
      </button>
      {open ? (
        <ul className="gates">
          {candidate.gates.map(({ gate, passed: good, why }) => (
            <li key={gate} className={good ? '' : 'tone-text-crit'}>
              <Icon name={good ? 'check' : 'close'} />
              <span>
                <strong>{gate.replaceAll('_', ' ')}</strong>
                {why ? `: ${why}` : ''}
                <span className="hidden">{good ? ' passed' : ' not passed'}</span>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
