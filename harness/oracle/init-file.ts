/** The file by which a server is set up whenever it starts: what it does again is nothing that its log has to tell. */
export const initFile = (init: string | undefined): Record<string, string> =>
  init === undefined ? {} : { "/interlock/init.sql": `SET sql_log_bin = 0;\n${init}` };
