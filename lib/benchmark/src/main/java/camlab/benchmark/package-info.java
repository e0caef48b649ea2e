/** Times, run by hand: nothing here is part of a test. */
package camlab.benchmark;
