/**
 * Tells apart what computes different numbers: one line for a method or measure, with every
 * setting.
 */
package camlab.identity;
