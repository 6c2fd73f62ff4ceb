/* Completion for bash: one function that knows the words of each command, made from the tables, and one that uses it. */
#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/offer.h"

/* "data info" of "percept data info". */
static const char *path_of(const char *command)
{
    const char *space = strchr(command, ' ');
    return space != NULL ? space + 1 : "";
}

static void print_offer(const Offer *offer)
{
    if (offer->words[0] != '\0')
        printf(" words='%s'", offer->words);
    if (offer->list)
        fputs(" list='yes'", stdout);
    if (offer->files || offer->folders)
        printf(" disk='%s'", offer->files ? "file" : "directory");
    if (offer->keys)
        fputs(" keys='yes'", stdout);
}

void help_bash_command(const Parser *parser, const char *summary)
{
    Offer offer;
    (void)summary;
    printf("    '%s')\n        flags='", path_of(parser->manual->command));
    for (size_t i = 0; i < parser->option_count; i++)
        printf("%s ", parser->options[i].flag);
    printf("--help%s'\n        case $2 in\n", parser->manual->help_all != NULL ? " --help-all" : "");
    for (size_t i = 0; i < parser->option_count; i++) {
        if (parser->options[i].value == NULL)
            continue;
        offer_of_option(&parser->options[i], &offer);
        printf("        %s) value='yes'", parser->options[i].flag);
        print_offer(&offer);
        puts(" ;;");
    }
    if (parser->operand_count > 0) {
        offer_of_operand(&parser->operands[0], &offer);
        fputs("        '') value=''", stdout);
        print_offer(&offer);
        puts(" ;;");
    }
    puts("        esac\n        ;;");
}

/* The words of a level, then those of its commands. */
static void print_level(const CommandGroup *group)
{
    printf("    '%s')\n        commands='", path_of(group->name));
    for (size_t i = 0; i < group->count; i++)
        printf("%s ", group->commands[i].name);
    printf("help' flags='--help%s'\n        ;;\n", group == &command_program ? " --version" : "");
    for (size_t i = 0; i < group->count; i++)
        help_ask(&group->commands[i], help_form_find("bash"));
}

static void print_keys(void)
{
    const Key *key = NULL;
    Offer offer;
    fputs("# The keys of the recipe, and what one of them may be.\n"
          "_percept_keys='",
          stdout);
    for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++)
        printf("%s%s=", i > 0 ? " " : "", key->name);
    puts("'\n_percept_key() {\n    case $1 in");
    for (size_t i = 0; (key = recipe_key_at(i)) != NULL; i++) {
        offer_of_key(key, &offer);
        if (offer.words[0] == '\0' && !offer.files && !offer.folders)
            continue;
        printf("    %s)", key->name);
        print_offer(&offer);
        puts(" ;;");
    }
    puts("    esac\n}\n");
}

/* The function that uses it, a line a line. */
static const char *const using[] = {
    "_percept() {",
    "    local IFS=$' \\t\\n' line=() path='' flag='' before='' typed item",
    "    local commands='' flags='' value='' words='' list='' disk='' keys=''",
    "    local -i i",
    "    # Bash cuts words at '='; here they are whole again.",
    "    for ((i = 1; i <= COMP_CWORD; i++)); do",
    "        item=${COMP_WORDS[i]}",
    "        if [[ ${#line[@]} -gt 0 && ($item == =* || ${COMP_WORDS[i - 1]} == '=') ]]; then",
    "            line[${#line[@]} - 1]+=$item",
    "        else",
    "            line+=(\"$item\")",
    "        fi",
    "    done",
    "    typed=${line[${#line[@]} - 1]}",
    "    # The command: words before the last, as far as they are commands.",
    "    for ((i = 0; i < ${#line[@]} - 1; i++)); do",
    "        commands=''",
    "        _percept_command \"$path\" ''",
    "        [[ \" $commands \" == *\" ${line[i]} \"* ]] || break",
    "        [[ ${line[i]} == help ]] || path+=\"${path:+ }${line[i]}\"",
    "    done",
    "    # A flag whose value is being typed.",
    "    if [[ $typed == --*=* ]]; then",
    "        flag=${typed%%=*} typed=${typed#*=}",
    "    elif [[ ${#line[@]} -gt 1 && ${line[${#line[@]} - 2]} == --* ]]; then",
    "        flag=${line[${#line[@]} - 2]}",
    "    fi",
    "    commands='' flags='' words='' list='' disk='' keys=''",
    "    [[ -z $flag ]] || _percept_command \"$path\" \"$flag\"",
    "    if [[ -z $value ]]; then",
    "        words='' list='' disk='' keys=''",
    "        _percept_command \"$path\" ''",
    "        [[ -z $commands ]] || words=$commands",
    "        if [[ $typed == -* ]]; then",
    "            words=$flags disk=''",
    "        fi",
    "    fi",
    "    if [[ -n $keys && $typed == *=* ]]; then",
    "        _percept_key \"${typed%%=*}\"",
    "        typed=${typed#*=}",
    "    elif [[ -n $keys ]]; then",
    "        words=$_percept_keys",
    "        compopt -o nospace 2>/dev/null || :",
    "    fi",
    "    # What stands there already: all of the word, unless bash has cut it.",
    "    item=${line[${#line[@]} - 1]}",
    "    [[ $COMP_WORDBREAKS == *=* ]] || before=${item%\"$typed\"}",
    "    if [[ -n $list && $typed == *,* ]]; then",
    "        before+=${typed%,*}, typed=${typed##*,}",
    "    fi",
    "    COMPREPLY=()",
    "    while IFS= read -r item; do",
    "        COMPREPLY+=(\"$before$item\")",
    "    done < <(compgen -W \"$words\" -- \"$typed\")",
    "    if [[ -n $disk ]]; then",
    "        compopt -o filenames 2>/dev/null || :",
    "        while IFS= read -r item; do",
    "            COMPREPLY+=(\"$before$item\")",
    "        done < <(compgen -A \"$disk\" -- \"$typed\")",
    "    fi",
    "}",
    "complete -F _percept percept",
};

void help_bash_group(const CommandGroup *group, const char *summary)
{
    (void)summary;
    if (group != &command_program) {
        print_level(group);
        return;
    }
    puts("# Completion of percept for bash, made by `percept completion bash` from the program's own tables.\n\n"
         "# What command $1 knows: commands, flags, and what the value of its flag $2 may be, or its first name.\n"
         "_percept_command() {\n"
         "    case $1 in");
    print_level(group);
    puts("    esac\n}\n");
    print_keys();
    for (size_t i = 0; i < sizeof using / sizeof using[0]; i++)
        puts(using[i]);
}
