/* stop.c - function words of Chinese and English: they count in a text's length and say nothing
 * else.
 *
 * Folded, sorted by bytes. Words with a meaning of their own stay out: what the bureau's texts
 * repeat without saying anything is for its own list of stop terms. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

/* clang-format off */
static const char *const stops[] = {
    "a", "about", "above", "after", "again", "against", "all", "also", "am", "an", "and", "any",
    "are", "aren't", "as", "at", "be", "because", "been", "before", "being", "below", "between",
    "both", "but", "by", "can", "can't", "cannot", "could", "couldn't", "did", "didn't", "do",
    "does", "doesn't", "doing", "don't", "down", "during", "each", "few", "for", "from",
    "further", "had", "hadn't", "has", "hasn't", "have", "haven't", "having", "he", "her", "here",
    "hers", "herself", "him", "himself", "his", "how", "i", "if", "in", "into", "is", "isn't",
    "it", "it's", "its", "itself", "just", "let's", "may", "me", "might", "more", "most", "must",
    "my", "myself", "no", "nor", "not", "of", "off", "on", "once", "only", "or", "other", "ought",
    "our", "ours", "ourselves", "out", "over", "own", "same", "shall", "she", "should",
    "shouldn't", "so", "some", "such", "than", "that", "that's", "the", "their", "theirs", "them",
    "themselves", "then", "there", "there's", "these", "they", "they're", "this", "those",
    "through", "to", "too", "under", "until", "up", "upon", "us", "very", "was", "wasn't", "we",
    "we're", "were", "weren't", "what", "when", "where", "whether", "which", "while", "who",
    "whom", "whose", "why", "will", "with", "within", "without", "won't", "would", "wouldn't",
    "yet", "you", "your", "yours", "yourself", "一个", "一些", "一种", "不仅", "与", "且", "个",
    "中", "为", "为什么", "之", "之一", "之中", "之后", "之间", "也", "了", "于", "些", "什么",
    "仅", "从", "从而", "他", "他们", "以", "以上", "以下", "以便", "以及", "但", "但是", "作为",
    "你", "使", "使得", "例如", "便", "关于", "其", "其中", "其他", "再", "则", "到", "即",
    "即可", "去", "又", "及", "及其", "另", "另外", "只", "只有", "只要", "可", "可以", "各",
    "各种", "同", "同时", "向", "吗", "吧", "呢", "和", "哪", "哪些", "啊", "因", "因为", "因此",
    "在", "地", "均", "基于", "她", "如", "如何", "如果", "如此", "它", "它们", "对", "对于",
    "将", "就", "已", "已经", "并", "并且", "当", "很", "得", "怎么", "怎样", "您", "我", "我们",
    "或", "或者", "所", "所以", "所谓", "才", "把", "按照", "是", "是否", "更", "曾", "最", "有",
    "有关", "本", "本文", "来", "根据", "正", "此", "此外", "比如", "然后", "然而", "由", "由于",
    "的", "皆", "相关", "着", "种", "等", "给", "而", "而且", "自", "至", "若", "虽然", "被",
    "让", "该", "该文", "诸如", "跟", "过", "还", "这", "这个", "这些", "这样", "这种", "通过",
    "那", "那个", "那么", "那些", "那样", "都",
};
/* clang-format on */

static int compare(const void *word, const void *stop)
{
    return strcmp(word, *(const char *const *)stop);
}

bool text_is_stop(const char *word, size_t len)
{
    /* None is longer than three characters of Han or ten letters. */
    return len <= 10 && bsearch(word, stops, COUNT_OF(stops), sizeof(*stops), compare);
}
