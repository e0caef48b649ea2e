/** Evaluations over more pictures than one machine has time for, as jobs of Apache Spark. */
package camlab.spark;
