package camlab.identity;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The identity of the library's own methods, measures and whatever else has settings, found from
 * all of their fields. So a new setting is part of it without anybody's doing.
 */
public final class Identity {

  private static final String LIBRARY = "camlab.";

  private Identity() {}

  /**
   * {@return the class's name and its fields in the order of the alphabet, such as {@code Deletion(
   * baseline=Colour(name='black', rgb=0), seed=1, steps=28)}} Left out are only those that {@link
   * Incidental} marks, and one that is marked as {@link Later} where it has its usual value.
   *
   * @param settings an object of the library whose fields are numbers, truth values, strings,
   *     enums, lists of such, objects of the library, or {@link Identified}
   * @throws IllegalArgumentException if it is of a class outside the library, or has such a field;
   *     the message says how to give it an identity
   */
  public static String of(Object settings) {
    Objects.requireNonNull(settings, "Expected an object with settings, found null.");
    Class<?> type = settings.getClass();
    if (!isOfLibrary(type)) {
      throw new IllegalArgumentException(
          "%s is a class of your own, and has no identity: its numbers could not be told from those of another version of it. Let it override identity() with a line that names its settings, and change that line whenever you change its code, such as \"Mine, version 2 (k=3)\"; a method can be given one by withIdentity(\"…\"), too."
              .formatted(type.getName()));
    }
    return fields(type).stream()
        .map(field -> setting(field, text(field, value(field, settings))))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(", ", type.getSimpleName() + "(", ")"));
  }

  private static Optional<String> setting(Field field, String text) {
    Later later = field.getAnnotation(Later.class);
    return later != null && later.value().equals(text)
        ? Optional.empty()
        : Optional.of(field.getName() + "=" + text);
  }

  /** Others may be changed between two runs while their names and settings stay as they are. */
  private static boolean isOfLibrary(Class<?> type) {
    return type.getName().startsWith(LIBRARY)
        && !type.isHidden()
        && !type.isAnonymousClass()
        && !type.isLocalClass();
  }

  private static List<Field> fields(Class<?> type) {
    List<Field> fields = new ArrayList<>();
    for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
      Arrays.stream(each.getDeclaredFields())
          .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
          .filter(field -> !field.isAnnotationPresent(Incidental.class))
          .forEach(fields::add);
    }
    // The order in which a class gives its fields is not defined.
    fields.sort(Comparator.comparing(Field::getName));
    AccessibleObject.setAccessible(fields.toArray(Field[]::new), true);
    return fields;
  }

  private static Object value(Field field, Object owner) {
    try {
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(field + " was made accessible.", e);
    }
  }

  private static String text(Field field, Object value) {
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof String text) {
      return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(element -> text(field, element))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Identified identified) {
      return identified.identity();
    }
    if (value != null && isOfLibrary(value.getClass())) {
      return of(value);
    }
    throw new IllegalArgumentException(
        "The setting '%s' of %s has no identity: it is neither a number, a text, a list of such, nor a part of the library, but %s. Say what it does in a line that changes with it: a method takes one by withIdentity(\"…\"), any other class by overriding identity()."
            .formatted(
                field.getName(),
                field.getDeclaringClass().getSimpleName(),
                value == null ? "null" : value.getClass().getName()));
  }
}
