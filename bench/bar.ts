/** A measured figure beside the line that it should reach. */
export interface Bar {
  bar: string;
  line: string;
  measured: string;
  met: boolean;
}
