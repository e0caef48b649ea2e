/** Many pictures, methods and measures: the numbers as they come, and how sure a ranking is. */
package camlab.evaluation;
