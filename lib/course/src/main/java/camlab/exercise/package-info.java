/**
 * The checks of the lessons' exercises, one class for each lesson. They call the reader's method
 * with inputs of their own and say what is amiss with the answer, but not what it should be.
 */
package camlab.exercise;
