/**
 * Networks that others have published: by name, fetched once; and the plan that a file of weights
 * belongs to. Networks of the user, whatever file they are in.
 */
package camlab.zoo;
