import type { Static } from 'typebox';
import type { ArrivalDetail as Arrival } from '#surfaces/api';

/** The shapes are the API's own: one definition validates, documents and types. Types only; nothing of the server is bundled. */
export type {
  ArrivalRow,
  BulkDone,
  ChannelDetail,
  ChannelRow,
  Decision,
  DemoState,
  DocumentRow,
  Done,
  ExceptionGroup,
  ExceptionRow,
  Fact,
  FeedRunRow,
  Home,
  KeyMade,
  KeyRow,
  Me,
  Measure,
  MessageRow,
  Money,
  OrderDetail,
  OrderLine,
  OrderRow,
  ParcelDetail,
  ProblemAnswer,
  PurchaseDetail,
  PurchaseRow,
  SearchAnswer,
  SupplierDetail,
  SupplierRow,
} from '#surfaces/api';
export type ArrivalDetail = Static<typeof Arrival>;
