/* Kind table: several figures by source; the card is the table. */
(() => {
  Onefunnel.kind("table", { isTable: true, table: Onefunnel.tables.bySource });
})();
