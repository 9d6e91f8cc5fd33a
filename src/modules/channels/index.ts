/**
 * A *channel* is a connected store: orders come from it by webhook, by poll and by file, and it is told of parcels by *reports*. Its
 * *trouble* is what is wrong with it, in words.
 */
export { decidePolled, decidePollFailed, decideReported, decideReportRefused, reportDoubtful, reportMisconfigured } from './decide.ts';
export { addChannels, changeChannel, channel, findChannel, recordPolled, report, reportKey, requeueReports, wantReports } from './store.ts';
export type { Channel, ChannelSettings, NewChannel, Polled, Report } from './words.ts';
