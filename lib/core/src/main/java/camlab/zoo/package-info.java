/**
 * Networks that others have published: by name, fetched once; and the plan that a file of weights
 * belongs to.
 */
package camlab.zoo;
