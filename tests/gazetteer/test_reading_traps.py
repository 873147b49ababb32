"""Names that mislead: one word for several places, several words for one, and words that only look like a place."""

from __future__ import annotations

import pytest

from gazetteer import read

CITY = "suzhou-15fyp"
WUZHONG = "wuzhong-14fyp"
SND = "snd-14fyp"
KUNSHAN = "kunshan-15fyp"
REPORT = "suzhou-2025-report"


def meant(text, plan):
    return [(mention.surface, mention.place_id) for mention in read(text, plan=plan).mentions]


@pytest.mark.parametrize(
    ("text", "plan", "expected"),
    [
        # 太湖 in the names of a town, a belt, a basin and two new towns
        ("太湖街道全域", WUZHONG, [("太湖街道", "town/taihu-jiedao")]),
        ("打造太湖湾科创带", WUZHONG, [("太湖湾科创带", "functional_area/taihu-wan-kechuangdai")]),
        ("健全太湖流域补偿机制", WUZHONG, [("太湖流域", "region/taihu-liuyu")]),
        ("治理太湖，加强太湖水生态保护", WUZHONG, [("太湖", "lake/tai-hu"), ("太湖", "lake/tai-hu")]),
        ("太湖新城加快建设", WUZHONG, [("太湖新城", "functional_area/taihu-xincheng-wuzhong")]),
        ("太湖新城加快建设", CITY, [("太湖新城", "functional_area/suzhou-taihu-xincheng")]),
        ("吴江太湖新城", CITY, [("吴江太湖新城", "functional_area/taihu-xincheng-wujiang")]),
        # bodies without one site, though the register has them, and laboratories with one
        ("做强中科院苏州科技成果转化平台", REPORT, []),
        ("发挥数字金融实验室作用", CITY, []),
        ("建设苏州实验室", CITY, [("苏州实验室", "facility/suzhou-shiyanshi")]),
        # a lake and the town named after it
        ("淀山湖、锦溪、周庄三镇", KUNSHAN,
         [("淀山湖", "town/dianshanhu"), ("锦溪", "town/jinxi"), ("周庄", "town/zhouzhuang")]),
        ("联合开展淀山湖水生态保护", KUNSHAN, [("淀山湖", "lake/dianshan-hu")]),
        ("以阳澄湖、淀山湖等为核", KUNSHAN, [("阳澄湖", "lake/yangcheng-hu"), ("淀山湖", "lake/dianshan-hu")]),
        ("相城区阳澄湖镇建设", CITY, [("相城区阳澄湖镇", "town/yangchenghu")]),
        ("推进太湖、阳澄湖等重点湖泊治理", CITY, [("太湖", "lake/tai-hu"), ("阳澄湖", "lake/yangcheng-hu")]),
        ("打响阳澄湖大闸蟹品牌，举办阳澄湖论坛", CITY, []),
        # 虎丘: a district, a hill, a tract
        ("虎丘区十一届人大", SND, [("虎丘区", "county/huqiu")]),
        ("登虎丘山风景名胜区", CITY, [("虎丘山风景名胜区", "heritage/huqiu-shan")]),
        ("虎丘、桃花坞、阊门等重点片区", CITY,
         [("虎丘", "functional_area/huqiu-pianqu"), ("桃花坞", "functional_area/taohuawu-pianqu"),
          ("阊门", "functional_area/changmen-pianqu")]),
        # class nouns as short names: by plan, and by line
        ("带动高新区产业", SND, [("高新区", "county/huqiu")]),
        ("高新区下辖全域", WUZHONG, [("高新区", "dev_zone/wuzhong-gaoxinqu")]),
        ("高新区转型", KUNSHAN, [("高新区", "dev_zone/kunshan-gaoxinqu")]),
        ("吴中与高新区交界", WUZHONG, [("吴中", "county/wuzhong"), ("高新区", "county/huqiu")]),
        ("到“十四五”末期高新区城市污水处理率", SND, [("高新区", "county/huqiu")]),
        ("推进国家级高新区建设，实现高新区和高校协同", CITY, []),
        ("对接吴中区、高新区", CITY, [("吴中区", "county/wuzhong"), ("高新区", "county/huqiu")]),
        ("开发区转型", WUZHONG, [("开发区", "dev_zone/wuzhong-jingkaiqu")]),
        ("开发区转型", KUNSHAN, [("开发区", "dev_zone/kunshan-jingji-jishu-kaifaqu")]),
        ("推动开发区转型，建设特色园区", CITY, []),
        ("工业园区转型", CITY, [("工业园区", "county/sip")]),
        ("度假区建设", SND, [("度假区", "park/suzhou-xibu-shengtai-dujiaqu")]),
        ("度假区建设", WUZHONG, [("度假区", "park/taihu-guojia-lvyou-dujiaqu")]),
        ("创建国家新型工业化示范区", CITY, []),
        ("依托古城、古镇、古典园林等", CITY, []),
        # no place at all
        ("推广“枫桥经验”，学习园区经验和张家港精神，传承香山帮技艺", CITY, []),
        ("加强道路交通安全监管，发展高新技术", SND, []),
        ("促进临港经济、沪苏同城化和苏锡通合作", CITY, []),
        ("“强富美高”新苏州、苏州制造、苏州园林", CITY, []),
        ("昆山经开区获评第二批江苏省外资总部经济集聚区", REPORT,
         [("昆山经开区", "dev_zone/kunshan-jingji-jishu-kaifaqu")]),
        ("办好戏曲百戏（昆山）盛典", CITY, []),
        # places in spite of their neighbours
        ("昆山制造业、苏州制造企业", CITY, [("昆山", "county/kunshan"), ("苏州", "city/suzhou")]),
        ("具有吴中区域品牌", WUZHONG, [("吴中", "county/wuzhong")]),
        ("主动开放昆山场景", KUNSHAN, [("昆山", "county/kunshan")]),
        ("代表苏州未来城市建设最高水平", WUZHONG, [("苏州", "city/suzhou")]),
        ("枫桥街道和枫桥夜泊", CITY, [("枫桥街道", "town/fengqiao"), ("枫桥夜泊", "heritage/fengqiao-yebo")]),
        # roads and rails of one name, and names inside longer ones
        ("在长江路、金山东路之间", SND, [("长江路", "road/changjiang-lu-snd"), ("金山东路", "road/jinshan-donglu")]),
        ("构筑长江路先进制造发展轴", KUNSHAN,
         [("长江路先进制造发展轴", "functional_area/changjianglu-xianjin-zhizao-zhou")]),
        ("横山路对接胥涛路", SND, [("横山路", "road/hengshan-lu"), ("胥涛路", "road/xutao-lu")]),
        ("新建绕城高速太湖新城互通", WUZHONG,
         [("绕城高速", "road/raocheng-gaosu"), ("太湖新城互通", "junction/taihu-xincheng-hutong")]),
        ("S230改扩建", SND, [("S230", "road/shengdao-230")]),
        ("苏州大学应用技术学院", KUNSHAN, [("苏州大学应用技术学院", "facility/suda-yingyong-jishu")]),
        ("南京大学苏州校区", SND, [("南京大学苏州校区", "facility/nanjing-daxue-suzhou")]),
        ("联合南京大学开展合作", KUNSHAN, [("南京大学", "facility/nanjing-daxue")]),
        ("祖冲之、归有光、龚贤纪念馆", KUNSHAN,
         [("祖冲之", "facility/zuchongzhi-jinianguan"), ("归有光", "facility/guiyouguang-jinianguan"),
          ("龚贤纪念馆", "facility/gongxian-jinianguan")]),
        ("推动河海大学、上海交通大学等高校的苏州高等研究院发展", CITY,
         [("河海大学", "facility/hehai-daxue-suzhou"), ("上海交通大学", "facility/shangjiaoda-suzhou")]),
        ("建设开发区、甬直医疗器械产业园", WUZHONG,
         [("开发区", "dev_zone/wuzhong-jingkaiqu-yiliao-qixie"),
          ("甬直医疗器械产业园", "dev_zone/luzhi-yiliao-qixie")]),
        # the names of bodies, events, schemes and brands hold no mention
        ("探索举办长三角智能汽车和智能终端产业峰会", KUNSHAN, []),
        ("办好台湾大学生实习特训营", KUNSHAN, []),
        ("打响“投资苏州，赢得未来”品牌", CITY, []),
        ("推动昆山优品布局，用好昆山艺匠", KUNSHAN, []),
        ("“太湖之美、吴中最美”", WUZHONG, []),
        ("推进大运河文化的保护传承利用", SND, []),
        ("出台苏州市人工智能应用促进条例", CITY, []),
        ("配合苏州市大气办完成", SND, []),
        ("昆山市第十八届人民代表大会", KUNSHAN, []),
        ("支持苏州大数据交易所发展", REPORT, []),
        ("打造古城、产业园区、湖区等场景", CITY, []),
        # but what stands for the territory is one
        ("联合上海头部基金", KUNSHAN, [("上海", "city/shanghai")]),
        ("一批“上海研发+昆山制造”产业化基地", KUNSHAN, [("上海", "city/shanghai"), ("昆山", "county/kunshan")]),
        ("建立统一的长三角区域养老服务信息平台", WUZHONG, [("长三角区域", "region/changsanjiao")]),
        ("提升在苏州高校学院联盟建设水平", CITY, [("苏州", "city/suzhou")]),
        ("全力冲刺“太湖全湖水质达Ⅲ”", REPORT, [("太湖", "lake/tai-hu")]),
        ("面向生态农业等高新区特色产业", SND, [("高新区", "county/huqiu")]),
        ("不断创新高新区供应方式", SND, [("高新区", "county/huqiu")]),
        ("建设大运河文化带", SND, [("大运河文化带", "functional_area/dayunhe-wenhua-dai")]),
        ("完善生态岛水利布局", WUZHONG, [("生态岛", "functional_area/taihu-shengtai-dao")]),
        # lists that end in a class, a count or a name that counts them
        ("以淀山湖、周庄、锦溪南部三镇为基础", KUNSHAN,
         [("淀山湖", "town/dianshanhu"), ("周庄", "town/zhouzhuang"), ("锦溪", "town/jinxi"),
          ("南部三镇", "functional_area/nanbu-sanzhen")]),
        ("推进千灯、淞南两大城市客厅建设", KUNSHAN,
         [("千灯", "functional_area/qiandeng-chengshi-keting"), ("淞南", "functional_area/songnan-chengshi-keting")]),
        ("上海张江、安徽合肥综合性国家科学中心", SND,
         [("上海张江", "facility/zhangjiang-kexue-zhongxin"),
          ("安徽合肥综合性国家科学中心", "facility/hefei-kexue-zhongxin")]),
        ("与张江、合肥等综合国家科学中心联动", SND,
         [("张江", "facility/zhangjiang-kexue-zhongxin"), ("合肥", "facility/hefei-kexue-zhongxin")]),
        ("划分沿长江和沿太湖 2 大片区", CITY,
         [("沿长江", "functional_area/yan-changjiang-pianqu"), ("沿太湖", "functional_area/yan-taihu-pianqu")]),
        ("做美三山岛等各类湿地公园", WUZHONG, [("三山岛", "park/taihu-sanshandao-shidi-gongyuan")]),
        # old, short, variant and misprinted forms
        ("苏州北站、苏州高铁北站、苏州北站综合枢纽", SND,
         [("苏州北站", "station/suzhou-bei"), ("苏州高铁北站", "station/suzhou-bei"),
          ("苏州北站综合枢纽", "station/suzhou-bei")]),
        ("甬直全域、角直段、甪直古镇", WUZHONG,
         [("甬直", "town/luzhi"), ("角直", "town/luzhi"), ("甪直古镇", "old_town/luzhi-guzhen")]),
        ("浒关建设", SND, [("浒关", "town/xushuguan")]),
        ("新区站改扩建，做强生物医疗城", SND,
         [("新区站", "station/suzhou-xinqu"), ("生物医疗城", "dev_zone/jiangsu-yiliao-qixie-chanyeyuan")]),
        ("市一院成功通过复审", KUNSHAN, [("市一院", "facility/kunshan-shi-yiyuan")]),
    ],
)  # fmt: skip
def test_misleading_name(text, plan, expected):
    assert meant(text, plan) == expected


def test_zone_named_after_the_city_lies_outside():
    (mention,) = read("建设苏宿工业园区", plan=CITY).mentions
    assert (mention.name, mention.resolution) == ("苏宿工业园区", "outside")


def test_short_names_of_another_plan_are_unknown():
    assert "facility/kunshan-shi-yiyuan" not in {place_id for _, place_id in meant("市一院成功通过复审", CITY)}


@pytest.mark.parametrize(
    ("text", "surface", "line"),
    [
        ("推进一批重大项目落地和建设，加强与上海新华医院以及江\n苏省人民医院等优质医疗机构合作。", "苏省人民医院", 2),
        ("推进一批重大项目落地和建设，加强与上海新华医院以及江\n\n苏省人民医院等优质医疗机构合作。", "苏省人民医院", 3),
        ("推进一批重大项目落地和建设，加强与优质医疗机构江苏省人民\n医院合作，", "江苏省人民", 1),
    ],
)
def test_name_broken_over_two_lines(text, surface, line):
    found = {(mention.surface, mention.line): mention.name for mention in read(text, plan=WUZHONG).mentions}
    assert found[surface, line] == "江苏省人民医院"


def test_heading_is_not_joined_to_its_text():
    assert [mention.surface for mention in read("第一节 昆山\n市级平台建设").mentions] == ["昆山"]
