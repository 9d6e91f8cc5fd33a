import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { patch, post, Refused } from '../../api/client.ts';
import type { FeedDetail, FeedPreview, ProblemAnswer } from '../../api/types.ts';
import { say, sayFailure } from '../../parts/toasts.tsx';
import type { Schedule } from './schedule.ts';

export type Mapping = NonNullable<FeedDetail['settings']['mapping']>;
export interface Draft {
  transport: FeedDetail['transport'];
  settings: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, string>>;
  mapping: Mapping;
  /** Chosen by a person, never silently. */
  absence: FeedDetail['settings']['absence'] | null;
  keepHours: number | null;
  limits: FeedDetail['settings']['limits'];
  sameFile: FeedDetail['settings']['sameFile'];
  schedule: Schedule;
  targetMinutes: number | null;
}

const draftOf = (feed: FeedDetail): Draft => ({
  transport: feed.transport,
  settings: feed.source.settings,
  secrets: {},
  mapping: feed.settings.mapping ?? {},
  absence: feed.runs.length > 0 ? feed.settings.absence : null,
  keepHours: feed.settings.keepHours,
  limits: feed.settings.limits,
  sameFile: feed.state === 'none' ? 'fresh' : feed.settings.sameFile,
  schedule: feed.state === 'none' ? { everyMinutes: 60, whileChangingMinutes: 30 } : ((feed.source.schedule ?? {}) as Schedule),
  targetMinutes: feed.source.targetMinutes,
});

async function sendFile(supplier: string, file: File): Promise<FeedPreview> {
  const query = new URLSearchParams({ name: file.name, supplier });
  const response = await fetch(`/v1/feeds/preview?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer as Partial<ProblemAnswer>);
  return answer as FeedPreview;
}

/** The wizard's state: what is set, what the server says of the file by it, and the saving. */
export function useWizard(feed: FeedDetail, done: (path: string) => void) {
  const supplier = feed.supplier.id;
  const [draft, setDraft] = useState(() => draftOf(feed));
  const [preview, setPreview] = useState<FeedPreview | null>(null);
  /** A file that the supplier's mapping does not fit any more is looked at without one, so that a new one can be made. */
  const anew = (error: unknown): Promise<FeedPreview> => {
    if (!(error instanceof Refused) || error.preview === '') throw error;
    setDraft((before) => ({ ...before, mapping: {} }));
    say(`${error.message} It is read by a fresh guess.`, { bad: true });
    return post<FeedPreview>(`/feeds/preview/${error.preview}`, { supplier, mapping: {} });
  };
  const look = useMutation({
    mutationFn: (given: File | 'source' | Mapping) => {
      if (given instanceof File) return sendFile(supplier, given).catch(anew);
      if (given === 'source') {
        const { transport, settings, secrets } = draft;
        return post<FeedPreview>('/feeds/preview/source', { supplier, transport, settings, secrets }).catch(anew);
      }
      return post<FeedPreview>(`/feeds/preview/${preview?.id ?? ''}`, { supplier, mapping: given });
    },
    onSuccess: setPreview,
  });
  const save = useMutation({
    mutationFn: async () => {
      const { transport, settings, secrets, mapping, absence, keepHours, limits, sameFile, schedule, targetMinutes } = draft;
      const source = { transport, settings, schedule, targetMinutes, ...(Object.keys(secrets).length > 0 ? { secrets } : {}) };
      await patch(`/feeds/${supplier}`, { mapping, ...(absence ? { absence, keepHours } : {}), limits, sameFile, source });
      if (preview) return `/feeds/runs/${(await post<{ run: string }>(`/feeds/preview/${preview.id}/import`, { supplier })).run}`;
      return `/feeds/${supplier}`;
    },
    onSuccess: done,
    onError: sayFailure,
  });
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  return {
    draft,
    change,
    preview,
    look,
    save,
    /** The mapping is changed, and the file read by it at once; what is undefined is guessed again. */
    map: (part: { [K in keyof Mapping]?: Mapping[K] | undefined }): void => {
      const said = Object.entries({ ...draft.mapping, ...part }).filter(([, value]) => value !== undefined);
      const mapping = Object.fromEntries(said) as Mapping;
      change({ mapping });
      if (preview) look.mutate(mapping);
    },
  };
}
export type Wizard = ReturnType<typeof useWizard>;

/** Puts a field on a column: it leaves the one it was on, and the column leaves what it was for. */
export function withField(preview: FeedPreview, mapping: Mapping, column: string, field: string): NonNullable<Mapping['columns']> {
  const before = preview.columns.find(({ name }) => name === column)?.field ?? null;
  const columns: Record<string, string | null> = { ...mapping.columns };
  if (before !== null && before !== field) columns[before] = null;
  if (field !== '') columns[field] = column;
  return columns;
}
