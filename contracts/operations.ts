import {
  commitImport,
  createImport,
  deleteImport,
  deletePart,
  errorRecords,
  freezeImport,
  listImports,
  listParts,
  performImport,
  showImport,
  unfreezeImport,
  uploadPart,
} from "./operations/bulk-import.ts";
import {
  createDatabase,
  createTable,
  deleteDatabase,
  deleteTable,
  listDatabases,
  listTables,
  renameTable,
  showDatabase,
  showTable,
  swapTables,
  updateSchema,
} from "./operations/catalog.ts";
import { issueConnector } from "./operations/data-connector.ts";
import {
  issueJob,
  jobResult,
  jobStatusOperation,
  killJob,
  listJobs,
  showJob,
  statusByDomainKey,
} from "./operations/jobs.ts";
import { partialDelete } from "./operations/partial-delete.ts";
import { exportResult } from "./operations/result-export.ts";
import { createTarget, deleteTarget, listTargets } from "./operations/result-targets.ts";
import {
  createScheduled,
  deleteScheduled,
  historyOfScheduled,
  listScheduled,
  runScheduled,
  updateScheduled,
} from "./operations/scheduled-queries.ts";
import { importChunk, importChunkWithId } from "./operations/streaming-import.ts";
import { serverStatus, version } from "./operations/system.ts";
import { exportTable } from "./operations/table-export.ts";
import { updateTable } from "./operations/table-settings.ts";
import {
  addUser,
  addUserKey,
  authenticateUser,
  listUserKeys,
  listUsers,
  removeUser,
  removeUserKey,
} from "./operations/users.ts";
import {
  claimJob,
  finishJob,
  heartbeat,
  importPart,
  outputReceipt,
  registerTable,
} from "./operations/workers.ts";

/** Every operation of the job service, by id. */
export const operations = {
  // Its path is one of those of `job.issue`, too: whoever looks for a path takes the first.
  "connector.issue": issueConnector,
  "job.issue": issueJob,
  "job.show": showJob,
  "job.status": jobStatusOperation,
  "job.status_by_domain_key": statusByDomainKey,
  "job.kill": killJob,
  "job.list": listJobs,
  "job.result": jobResult,
  "job.result_export": exportResult,
  "database.create": createDatabase,
  "database.list": listDatabases,
  "database.show": showDatabase,
  "database.delete": deleteDatabase,
  "table.create": createTable,
  "table.list": listTables,
  "table.show": showTable,
  "table.delete": deleteTable,
  "table.rename": renameTable,
  "table.swap": swapTables,
  "table.update_schema": updateSchema,
  "table.update": updateTable,
  "table.partial_delete": partialDelete,
  "table.export": exportTable,
  "table.import": importChunk,
  "table.import_with_id": importChunkWithId,
  "bulk_import.create": createImport,
  "bulk_import.upload_part": uploadPart,
  "bulk_import.delete_part": deletePart,
  "bulk_import.list_parts": listParts,
  "bulk_import.freeze": freezeImport,
  "bulk_import.unfreeze": unfreezeImport,
  "bulk_import.perform": performImport,
  "bulk_import.commit": commitImport,
  "bulk_import.delete": deleteImport,
  "bulk_import.show": showImport,
  "bulk_import.error_records": errorRecords,
  "bulk_import.list": listImports,
  "scheduled_query.create": createScheduled,
  "scheduled_query.update": updateScheduled,
  "scheduled_query.list": listScheduled,
  "scheduled_query.history": historyOfScheduled,
  "scheduled_query.run": runScheduled,
  "scheduled_query.delete": deleteScheduled,
  "user.authenticate": authenticateUser,
  "user.list": listUsers,
  "user.add": addUser,
  "user.remove": removeUser,
  "user.apikeys": listUserKeys,
  "user.add_apikey": addUserKey,
  "user.remove_apikey": removeUserKey,
  "result.create": createTarget,
  "result.list": listTargets,
  "result.delete": deleteTarget,
  "worker.claim": claimJob,
  "worker.heartbeat": heartbeat,
  "worker.register_table": registerTable,
  "worker.import_part": importPart,
  "worker.receipt": outputReceipt,
  "worker.finish": finishJob,
  "system.status": serverStatus,
  "system.version": version,
} as const;

export type Operations = typeof operations;
export type OperationId = keyof Operations;
